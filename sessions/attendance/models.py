"""Attendance as intervals, not booleans (domain.md B11), and cases of absences in a row (domain.md B4).

Intervals give presence at any item or vote and the quorum. No scheduled job ends a mandate: a person decides.
"""

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key, user_key
from assembly.identity.personal_data import ModelPrivacy, erased, retained
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from members.models import Mandate
from sessions.sittings.models import PRESENCE, Invitee, Sitting, Via


class PresenceMode(models.TextChoices):
    ROOM = "room", _("dans la salle")
    REMOTE = "remote", _("à distance")


class AbsenceCaseState(States):
    """States of an absence case: the system raises it, a person decides (domain.md B4)."""

    RAISED = "raised", State("warn", tags={"open", "alert"}), _("À décider")
    WARNED = "warned", State("waiting", tags={"open", "alert"}), _("Message envoyé")
    DISMISSED = "dismissed", State("closed"), _("Classée sans suite")
    PROCEDURE = "procedure", State("in_progress", tags={"open"}), _("Procédure en cours")
    ENDED = "ended", State("refused"), _("Mandat terminé")
    LIFTED = "lifted", State("closed"), _("Sans objet")


class MomentRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Attendance(models.Model):
    """One stay, in the room or on the line, open while `left_at` is empty; corrected, never silently deleted."""

    invitee = models.ForeignKey(Invitee, on_delete=models.PROTECT, related_name="stays")
    arrived_at = models.DateTimeField(_("arrivée"))
    left_at = models.DateTimeField(_("départ"), null=True, blank=True)
    mode = models.CharField(_("mode"), max_length=6, choices=PresenceMode, default=PresenceMode.ROOM)
    via = models.CharField(_("source"), max_length=10, choices=Via, default=Via.DESK)
    hours_reason = models.CharField(_("pourquoi hors de la séance"), max_length=160, blank=True)
    recorded_by = user_key()
    recorded_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(_("annulé le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos présences"), owner="invitee__person", default=retained(PRESENCE), hours_reason=erased()
    )

    class Meta:
        verbose_name = _("présence")
        ordering = ["arrived_at"]
        constraints = [
            models.CheckConstraint(
                name="attendance_left_after_arrived",
                condition=Q(left_at=None) | Q(left_at__gt=F("arrived_at")),
                violation_error_message=_("Le départ doit venir après l’arrivée."),
            ),
            ExclusionConstraint(
                name="attendance_no_overlap",
                expressions=[
                    ("invitee", RangeOperators.EQUAL),
                    (MomentRange("arrived_at", "left_at", Value("[)")), RangeOperators.OVERLAPS),
                ],
                condition=Q(voided_at=None),
                violation_error_message=_("Cette personne est déjà notée présente à ces heures."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitee_id} {self.arrived_at:%H:%M}"


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
    decided_by = optional_user_key()

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
