from django.db import models
from django.utils.translation import gettext_lazy as _


class PostState(models.TextChoices):
    ACTIVE = "active", _("dans l’équipe")
    LEFT = "left", _("a quitté l’équipe")
