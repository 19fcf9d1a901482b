"""What a decision stores of the room in which it was taken: how many were there, how many were needed."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class QuorumMixin(models.Model):
    """`quorum` is the number needed at that moment, empty where none was needed; `present` are the voting members in
    the room then. Hours of presence corrected later change neither."""

    present = models.PositiveSmallIntegerField(_("membres présents"), null=True, blank=True)
    quorum = models.PositiveSmallIntegerField(_("quorum nécessaire"), null=True, blank=True)

    class Meta:
        abstract = True


def quorum_is_met(name: str) -> models.CheckConstraint:
    """The constraint of each such model: nobody decides without the quorum that is needed."""
    met: Any = Q(quorum=None) | Q(present__isnull=False, present__gte=F("quorum"))
    return models.CheckConstraint(name=name, condition=met, violation_error_message=_("Le quorum n’est pas atteint."))
