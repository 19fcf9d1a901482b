from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class Way(models.TextChoices):
    """Ways of sending one delivery."""

    EMAIL = "email", _("courriel")
    PAPER = "paper", _("lettre")
    IN_APP = "in_app", _("avis sur le site")


class DeliveryState(States):
    """States of a delivery.

    `email`, `paper`: those that a mail, or a letter, may have. `pending`: not sent yet. `uncertain`: perhaps sent.
    `stoppable`: may still be stopped. `retriable`: may be sent again. `returned`: came back after it was sent.
    """

    QUEUED = "queued", State("todo", tags={"email", "paper", "pending", "stoppable"}), _("en attente")
    IN_FLIGHT = "in_flight", State("in_progress", tags={"email", "pending", "uncertain"}), _("en cours d’envoi")
    SENT = "sent", State("done", tags={"email", "sent", "arrived"}), _("envoyé")
    BOUNCED = "bounced", State("refused", tags={"email", "returned", "retriable"}), _("refusé")
    COMPLAINED = "complained", State("refused", tags={"email", "sent", "returned"}), _("signalé comme indésirable")
    FAILED = "failed", State("late", tags={"email", "stoppable", "retriable"}), _("pas parti")
    TO_CHECK = "to_check", State("warn", tags={"email", "stoppable", "uncertain"}), _("à vérifier")
    PRINTED = "printed", State("partial", tags={"paper", "printed"}), _("imprimé")
    HANDED_OVER = "handed_over", State("done", tags={"paper", "printed", "arrived"}), _("remis")
    WITHHELD = "withheld", State("closed", tags={"unsent"}), _("pas envoyé")
    CANCELLED = "cancelled", State("closed", tags={"email", "paper", "unsent"}), _("arrêté")


class EventKind(models.TextChoices):
    """Events that a mail provider reports after it took a message."""

    ACCEPTED = "accepted", _("pris en charge")
    DELIVERED = "delivered", _("arrivé")
    DEFERRED = "deferred", _("retardé")
    BOUNCED = "bounced", _("refusé")
    COMPLAINED = "complained", _("signalé comme indésirable")
