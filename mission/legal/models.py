"""Legal acts and papers of the mission: until when each is valid, and how it is renewed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Directorate
from assembly.workflow import State, States
from mission.registers.models import (
    RegisterRow,
    check,
    filled_in,
    optional_key,
    row_constraints,
    row_indexes,
    state_field,
)


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


S = LegalState


class LegalItem(RegisterRow):
    """Council decision, convention, impact assessment, insurance, or entry of the register of processing.

    `due_on`: until when it is valid, or when it must be reviewed. One in force has its first day.
    """

    state = state_field(S, S.PREPARED)
    name = models.CharField(_("intitulé"), max_length=160)
    kind = models.CharField(_("nature"), max_length=12, choices=LegalKind)
    number = models.CharField(_("numéro de l’acte"), max_length=80, blank=True)
    starts_on = models.DateField(_("en vigueur le"), null=True, blank=True)
    renewal = models.CharField(_("renouvellement"), max_length=8, choices=RenewalKind, default=RenewalKind.NONE)
    notice_days = models.PositiveSmallIntegerField(_("préavis, en jours"), null=True, blank=True)
    directorate = optional_key(Directorate, _("direction"))
    document = models.URLField(_("adresse de l’acte"), blank=True)

    class Meta:
        verbose_name = _("élément juridique")
        indexes = row_indexes("legal_item")
        constraints = row_constraints(
            "legal_item",
            S,
            due_after_start=check(
                Q(due_on=None) | Q(starts_on=None) | Q(due_on__gte=F("starts_on")),
                _("L’échéance vient après l’entrée en vigueur."),
                "due_on",
            ),
            in_force_since=filled_in(S.IN_FORCE, "starts_on", _("Dites depuis quand il est en vigueur."), "starts_on"),
            renewed_has_day=check(
                Q(renewal=RenewalKind.NONE) | Q(due_on__isnull=False),
                _("Ce qui se renouvelle a une échéance."),
                "due_on",
            ),
            notice_days=check(
                Q(notice_days=None) | Q(notice_days__lte=730), _("Le préavis ne dépasse pas deux ans."), "notice_days"
            ),
        )
