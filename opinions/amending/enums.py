"""Choices of amendments: domain.md B9."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Operation(models.TextChoices):
    INSERT_AFTER = "insert_after", _("Ajouter après")
    INSERT_BEFORE = "insert_before", _("Ajouter avant")
    REPLACE = "replace", _("Remplacer")
    DELETE = "delete", _("Supprimer")


class AmendmentState(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("déposé")
    ADMISSIBLE = "admissible", _("recevable")
    INADMISSIBLE = "inadmissible", _("irrecevable")
    RAPPORTEUR_VIEW = "rapporteur_view", _("avis du rapporteur donné")
    DEBATED = "debated", _("en discussion")
    ADOPTED = "adopted", _("adopté")
    REJECTED = "rejected", _("rejeté")
    WITHDRAWN = "withdrawn", _("retiré")
    FELL = "fell", _("tombé")
    MERGED = "merged", _("fusionné")


class ViewStance(models.TextChoices):
    FAVOURABLE = "favourable", _("favorable")
    UNFAVOURABLE = "unfavourable", _("défavorable")
    NEUTRAL = "neutral", _("s’en remet à l’assemblée")


class AmendmentDecisionMode(models.TextChoices):
    BALLOT = "ballot", _("vote compté")
    CONSENT = "consent", _("sans opposition")
