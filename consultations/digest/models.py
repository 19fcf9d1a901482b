"""Model of a line for the daily mail of an agent."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_key
from assembly.identity.personal_data import ModelPrivacy
from assembly.institution.models import Term
from consultations.referrals.models import Referral
from consultations.reviews.models import DirectorateReview, ThreadMessage


class DigestKind(models.TextChoices):
    """Kinds of lines in the daily mail to an agent, with their rank in it: the most pressing first."""

    rank: int

    def __new__(cls, value: str, rank: int) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.rank = rank
        return member


class DeskEventKind(DigestKind):
    """Kinds of lines about referrals and reviews; apps above have their own (`consultations.digest.queries`)."""

    ESCALATED = "escalated", 10, _("Contribution en retard")
    REMINDER = "reminder", 20, _("Rappel")
    TO_VALIDATE = "to_validate", 30, _("Contribution à viser")
    RETURNED = "returned", 40, _("Contribution à reprendre")
    SUPPLEMENT = "supplement", 50, _("Complément demandé")
    ASKED = "asked", 60, _("Contribution demandée")
    DUE_CHANGED = "due_changed", 70, _("Date changée")
    MENTION = "mention", 80, _("On vous cite")
    COPIED = "copied", 90, _("Contribution en copie")
    RECEIVED = "received", 100, _("Contribution reçue")
    DECLINED = "declined", 110, _("Demande renvoyée")
    CLOSED = "closed", 120, _("Demande close")


class DeskEvent(models.Model):
    """Something to report to an agent: gathered in one mail a day, never one mail an event. `key` makes it unique.

    `target_type` and `target_id`: what it is about, where an app above registered it (`consultations.digest.queries`).
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="desk_events")
    kind = models.CharField(max_length=12)  # of `DeskEventKind`, or of the app of its target
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    review = optional_key(DirectorateReview)
    message = optional_key(ThreadMessage)
    target_type = models.CharField(max_length=60, blank=True, default="", db_default="")
    target_id = models.PositiveBigIntegerField(null=True, blank=True)
    key = models.CharField(max_length=120, unique=True)
    happened_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("dit le"), null=True, blank=True)
    dropped_at = models.DateTimeField(_("devenu sans objet le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Ce qui vous a été annoncé sur les saisines"),
        owner="user__person",
        deletes_rows=True,
        internal=["term", "review", "message", "target_type", "target_id"],
    )

    class Meta:
        ordering = ["happened_at", "pk"]
        indexes = [
            models.Index(fields=["user"], name="desk_event_waiting", condition=Q(sent_at=None, dropped_at=None)),
        ]
        constraints = [
            models.CheckConstraint(name="desk_event_sent_or_dropped", condition=Q(sent_at=None) | Q(dropped_at=None)),
        ]

    def __str__(self) -> str:
        return self.key
