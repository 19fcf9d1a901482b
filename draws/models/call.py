"""The call for volunteers of a term: when it is open, whom it admits, how long it keeps what it received."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import term_ids
from assembly.ui.queryset import ScreenQuerySet
from draws.enums import CallState, Ground


def every_ground() -> list[str]:
    return list(Ground.values)


class CallQuerySet(ScreenQuerySet["Call"]):
    def visible_to(self, user: Any) -> Self:
        """Calls of the terms where `user` is in the team; the public reads the open one by another way."""
        return self.filter(term__in=term_ids(user, TEAM_ROLES))


class Call(models.Model):
    term = models.OneToOneField(Term, on_delete=models.PROTECT, related_name="call", verbose_name=_("mandature"))
    state = models.CharField(_("état"), max_length=8, choices=CallState, default=CallState.DRAFT)
    decision = models.CharField(_("délibération du Conseil"), max_length=120, blank=True)
    opens_on = models.DateField(_("ouvert à partir du"))
    closes_on = models.DateField(_("ouvert jusqu’au"), help_text=_("Ce jour compris."))
    minimum_age = models.PositiveSmallIntegerField(
        _("âge minimum"), default=16, validators=[MinValueValidator(16), MaxValueValidator(25)]
    )
    excluded_grounds = ArrayField(models.CharField(max_length=16, choices=Ground), default=every_ground)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("appel à candidatures")
        constraints = [
            models.CheckConstraint(name="call_state_known", condition=Q(state__in=CallState.values)),
            models.CheckConstraint(
                name="call_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("La fin doit venir après le début."),
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} of term {self.term_id}"

    def is_open_on(self, day: date) -> bool:
        return self.state == CallState.OPEN and self.opens_on <= day <= self.closes_on
