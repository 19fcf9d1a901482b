from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class TripState(States):
    """States of a trip. `planned`: nobody who goes may be on another trip at that time."""

    DRAFT = "draft", State("todo", tags={"planned"}), _("à ordonner")
    ORDERED = "ordered", State("in_progress", tags={"planned", "signed"}), _("ordre signé")
    DONE = "done", State("done", tags={"signed"}), _("fait")
    CANCELLED = "cancelled", State("closed"), _("annulé")


class Means(models.TextChoices):
    TRAIN = "train", _("train")
    SERVICE_CAR = "service_car", _("véhicule de service")
    OWN_CAR = "own_car", _("véhicule personnel")
    TRANSIT = "transit", _("transports en commun")
    OTHER = "other", _("autre")
