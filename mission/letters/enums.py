from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    SENT = "sent", _("envoyée")
