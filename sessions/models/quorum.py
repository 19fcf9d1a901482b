"""Quorum stored with a decision: how many members were present, how many were needed."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class QuorumMixin(models.Model):
    """Mixin of the quorum at the moment of a decision; later corrections of attendance change neither field.

    `quorum` is the number needed then, empty where none was; `present` is the number of voting members present then.
    """

    present = models.PositiveSmallIntegerField(_("membres présents"), null=True, blank=True)
    quorum = models.PositiveSmallIntegerField(_("quorum nécessaire"), null=True, blank=True)

    class Meta:
        abstract = True


def quorum_is_met(name: str) -> models.CheckConstraint:
    """Return the constraint that no such row exists without the quorum that is needed."""
    met: Any = Q(quorum=None) | Q(present__isnull=False, present__gte=F("quorum"))
    return models.CheckConstraint(name=name, condition=met, violation_error_message=_("Le quorum n’est pas atteint."))
