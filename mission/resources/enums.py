from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class ResourceKind(models.TextChoices):
    ROOM = "room", _("salle")
    EQUIPMENT = "equipment", _("matériel")
    VEHICLE = "vehicle", _("véhicule")


class ResourceState(States):
    IN_SERVICE = "in_service", State("done"), _("en service")
    WITHDRAWN = "withdrawn", State("closed"), _("hors service")
