from django.db import models
from django.utils.translation import gettext_lazy as _


class BudgetState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    OPEN = "open", _("ouverte")
    CLOSED = "closed", _("close")


class EntryKind(models.TextChoices):
    COMMITTED = "committed", _("engagé")
    SPENT = "spent", _("dépensé")
