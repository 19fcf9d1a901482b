from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingState(models.TextChoices):
    TO_CONFIRM = "to_confirm", _("à confirmer")
    CONFIRMED = "confirmed", _("confirmée")
    CANCELLED = "cancelled", _("annulée")


HOLDING = [BookingState.TO_CONFIRM, BookingState.CONFIRMED]
