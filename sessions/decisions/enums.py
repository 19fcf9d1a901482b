"""States and results of ballots, modes of decisions, states of action items."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BallotState(models.TextChoices):
    """States of a ballot (domain.md B10); a hand count goes prepared → counted → proclaimed."""

    PREPARED = "prepared", _("préparé")
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("clos")
    COUNTED = "counted", _("compté")
    PROCLAIMED = "proclaimed", _("proclamé")
    CANCELLED = "cancelled", _("annulé")


class BallotMethod(models.TextChoices):
    HAND = "hand", _("à main levée")


class BallotResult(models.TextChoices):
    ADOPTED = "adopted", _("adopté")
    REJECTED = "rejected", _("rejeté")


class DecisionMode(models.TextChoices):
    CONSENT = "consent", _("sans vote, aucune objection")
    BALLOT = "ballot", _("par un vote")


class ActionState(models.TextChoices):
    OPEN = "open", _("à faire")
    DONE = "done", _("faite")
    DROPPED = "dropped", _("abandonnée")
