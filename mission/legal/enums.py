from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalKind(models.TextChoices):
    COUNCIL_DECISION = "council", _("délibération")
    CONVENTION = "convention", _("convention")
    IMPACT_ASSESSMENT = "dpia", _("analyse d’impact (AIPD)")
    INSURANCE = "insurance", _("assurance")
    PROCESSING = "processing", _("registre des traitements")
    OTHER = "other", _("autre")


class LegalState(models.TextChoices):
    PREPARED = "prepared", _("en préparation")
    IN_FORCE = "in_force", _("en vigueur")
    REPLACED = "replaced", _("remplacé")
    EXPIRED = "expired", _("échu")


class RenewalKind(models.TextChoices):
    NONE = "none", _("sans renouvellement")
    TACIT = "tacit", _("tacite reconduction")
    EXPRESS = "express", _("renouvellement exprès")
