"""Kinds of agenda items."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgendaKind(models.TextChoices):
    OPENING = "opening", _("ouverture")
    MINUTES_APPROVAL = "minutes_approval", _("approbation d’un procès-verbal")
    INFORMATION = "information", _("information")
    DISCUSSION = "discussion", _("échange")
    VOTE = "vote", _("vote")
    ACTIONS = "actions", _("suivi des actions")
    BREAK = "break", _("pause")
    OTHER = "other", _("questions diverses")
