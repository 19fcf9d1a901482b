from django.db import models
from django.utils.translation import gettext_lazy as _


class BudgetState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    OPEN = "open", _("ouverte")
    CLOSED = "closed", _("close")


class BudgetAlert(models.TextChoices):
    NEAR = "80", _("à surveiller")
    EXCEEDED = "100", _("à décider")
    ALLOWED = "decide", _("dépassement décidé")


class EntryKind(models.TextChoices):
    COMMITTED = "committed", _("engagé")
    SPENT = "spent", _("dépensé")
