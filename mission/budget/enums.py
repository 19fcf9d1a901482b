from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class BudgetState(States):
    DRAFT = "draft", State("todo", tags={"editable"}), _("en préparation")
    OPEN = "open", State("in_progress", tags={"editable"}), _("ouverte")
    CLOSED = "closed", State("closed"), _("close")


class BudgetAlert(models.TextChoices):
    NEAR = "80", _("à surveiller")
    EXCEEDED = "100", _("à décider")
    ALLOWED = "decide", _("dépassement décidé")


class EntryKind(models.TextChoices):
    COMMITTED = "committed", _("engagé")
    SPENT = "spent", _("dépensé")
