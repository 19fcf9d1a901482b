"""Absences in a row, from the alert to the decision of a person: no scheduled job ends a mandate (domain.md B4)."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy, erased, retained
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.speed.queryset import ScreenQuerySet
from members.models import Mandate
from sessions.enums import AbsenceCaseState
from sessions.sittings.models import Sitting

S = AbsenceCaseState
ERASED_TEXT = "–"  # in place of an erased text, so that the row still meets its constraints


class AbsenceCaseQuerySet(ScreenQuerySet["AbsenceCase"]):
    def visible_to(self, user: Any) -> Self:
        """Return those of the terms where `user` is in the team."""
        return self.filter(mandate__term__in=term_ids(user, TEAM_ROLES))


class AbsenceCase(models.Model):
    """Plenaries missed in a row by one person, from `since` to `latest`, as counted at the last decision."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    since = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+")
    latest = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="+")
    absences = models.PositiveSmallIntegerField(_("absences de suite"))
    excused = models.PositiveSmallIntegerField(_("dont excusées"), default=0)
    state = models.CharField(_("état"), max_length=10, choices=AbsenceCaseState, default=S.RAISED)
    raised_at = models.DateTimeField(_("signalée le"))
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    reason = models.TextField(_("motif"), max_length=1000, blank=True)
    answer_by = models.DateField(_("observations attendues avant le"), null=True, blank=True)
    answer = models.TextField(_("observations du membre"), max_length=4000, blank=True)
    answered_on = models.DateField(_("reçues le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    privacy = ModelPrivacy(
        _("Les alertes sur vos absences"),
        owner="mandate__member__person",
        default=retained(_("décision sur un mandat, sans le nom")),
        reason=erased(lambda case: ERASED_TEXT if case.reason else ""),
        answer=erased(lambda case: ERASED_TEXT if case.answer else ""),
    )
    objects = AbsenceCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("absences répétées")
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["mandate", "since"], name="absence_case_once"),
            models.UniqueConstraint(
                fields=["mandate"], condition=Q(state=S.PROCEDURE), name="absence_case_one_procedure"
            ),
            models.CheckConstraint(name="absence_case_state_known", condition=Q(state__in=AbsenceCaseState.values)),
            models.CheckConstraint(
                name="absence_case_procedure_has_deadline",
                condition=~Q(state__in=[S.PROCEDURE, S.ENDED]) | Q(answer_by__isnull=False),
            ),
            models.CheckConstraint(
                name="absence_case_dismissed_has_reason", condition=~Q(state=S.DISMISSED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="absence_case_answer_has_day",
                condition=Q(answer="", answered_on=None) | ~Q(answer="") & Q(answered_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"absences of mandate {self.mandate_id}"

    @property
    def state_badge(self) -> str:
        """Return the name of the badge of the state."""
        return AbsenceCaseState(self.state).badge
