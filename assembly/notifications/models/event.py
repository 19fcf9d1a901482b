"""Model of the events that the mail provider reported, each stored once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy, erased, retained
from assembly.notifications.enums import EventKind
from assembly.notifications.models.delivery import SENT, Delivery


class DeliveryEvent(models.Model):
    """Event of a delivery. `key` is the provider's own number, so that a webhook that arrives twice counts once."""

    key = models.CharField(max_length=120, unique=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="events")
    message_id = models.CharField(max_length=255)
    kind = models.CharField(_("nature"), max_length=10, choices=EventKind)
    is_final = models.BooleanField(default=False)
    happened_at = models.DateTimeField(_("moment"))
    received_at = models.DateTimeField(auto_now_add=True)
    detail = models.CharField(_("réponse du serveur"), max_length=300, blank=True)

    privacy = ModelPrivacy(
        _("Ce que le serveur a dit de ces envois"),
        owner="delivery__person",
        default=retained(SENT),
        internal=["message_id", "is_final", "received_at"],
        detail=erased(),
    )

    class Meta:
        ordering = ["happened_at", "pk"]
        indexes = [models.Index(fields=["message_id"], name="delivery_event_message")]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"
