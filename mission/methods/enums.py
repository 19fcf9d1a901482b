from django.db import models
from django.utils.translation import gettext_lazy as _


class MethodState(models.TextChoices):
    DRAFT = "draft", _("à relire")
    IN_USE = "in_use", _("en usage")
    RETIRED = "retired", _("retirée")


class Effort(models.TextChoices):
    LIGHT = "light", _("léger")
    MEDIUM = "medium", _("moyen")
    HEAVY = "heavy", _("lourd")
