from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class MethodState(States):
    DRAFT = "draft", State("todo"), _("à relire")
    IN_USE = "in_use", State("done"), _("en usage")
    RETIRED = "retired", State("closed"), _("retirée")


class Effort(models.TextChoices):
    LIGHT = "light", _("léger")
    MEDIUM = "medium", _("moyen")
    HEAVY = "heavy", _("lourd")
