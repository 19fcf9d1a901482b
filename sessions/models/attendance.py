"""Attendance as intervals, not booleans, which gives presence at any item or vote and the quorum (domain.md B11)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy, erased, retained
from sessions.enums import PresenceMode, Via
from sessions.sittings.models import PRESENCE, Invitee


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
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
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
