from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class LegalKind(models.TextChoices):
    COUNCIL_DECISION = "council", _("délibération")
    CONVENTION = "convention", _("convention")
    IMPACT_ASSESSMENT = "dpia", _("analyse d’impact (AIPD)")
    INSURANCE = "insurance", _("assurance")
    PROCESSING = "processing", _("registre des traitements")
    OTHER = "other", _("autre")


class LegalState(States):
    PREPARED = "prepared", State("todo"), _("en préparation")
    IN_FORCE = "in_force", State("done"), _("en vigueur")
    REPLACED = "replaced", State("closed"), _("remplacé")
    EXPIRED = "expired", State("refused"), _("échu")


class RenewalKind(models.TextChoices):
    NONE = "none", _("sans renouvellement")
    TACIT = "tacit", _("tacite reconduction")
    EXPRESS = "express", _("renouvellement exprès")
