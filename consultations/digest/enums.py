"""Kinds of lines in the daily mail of an agent."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


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
