from django.db import models
from django.utils.translation import gettext_lazy as _


class TripState(models.TextChoices):
    DRAFT = "draft", _("à ordonner")
    ORDERED = "ordered", _("ordre signé")
    DONE = "done", _("fait")
    CANCELLED = "cancelled", _("annulé")


class Means(models.TextChoices):
    TRAIN = "train", _("train")
    SERVICE_CAR = "service_car", _("véhicule de service")
    OWN_CAR = "own_car", _("véhicule personnel")
    TRANSIT = "transit", _("transports en commun")
    OTHER = "other", _("autre")


SIGNED = [TripState.ORDERED, TripState.DONE]
AWAY = [TripState.DRAFT, TripState.ORDERED]  # states in which nobody may be on another trip
