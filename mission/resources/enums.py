from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    ROOM = "room", _("salle")
    EQUIPMENT = "equipment", _("matériel")
    VEHICLE = "vehicle", _("véhicule")


class ResourceState(models.TextChoices):
    IN_SERVICE = "in_service", _("en service")
    WITHDRAWN = "withdrawn", _("hors service")
