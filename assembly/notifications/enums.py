from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """Ways of sending one delivery."""

    EMAIL = "email", _("courriel")
    PAPER = "paper", _("lettre")
    IN_APP = "in_app", _("avis sur le site")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("en attente")
    IN_FLIGHT = "in_flight", _("en cours d’envoi")
    SENT = "sent", _("envoyé")
    BOUNCED = "bounced", _("refusé")
    COMPLAINED = "complained", _("signalé comme indésirable")
    FAILED = "failed", _("pas parti")
    TO_CHECK = "to_check", _("à vérifier")
    PRINTED = "printed", _("imprimé")
    HANDED_OVER = "handed_over", _("remis")
    WITHHELD = "withheld", _("pas envoyé")
    CANCELLED = "cancelled", _("arrêté")


class EventKind(models.TextChoices):
    """Events that a mail provider reports after it took a message."""

    ACCEPTED = "accepted", _("pris en charge")
    DELIVERED = "delivered", _("arrivé")
    DEFERRED = "deferred", _("retardé")
    BOUNCED = "bounced", _("refusé")
    COMPLAINED = "complained", _("signalé comme indésirable")
