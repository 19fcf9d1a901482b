from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a person wishes to be reached."""

    EMAIL = "email", _("par courriel")
    PAPER = "paper", _("par courrier postal")
