"""Acts and papers of law that carry the mission: until when each holds, and how it is renewed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Directorate
from mission.legal.enums import LegalKind, LegalState, RenewalKind
from mission.registers.models import RegisterRow, row_constraints, row_indexes, state_field

S = LegalState


class LegalItem(RegisterRow):
    """A council decision, a convention, an impact assessment, an insurance, an entry of the register of processing.

    `due_on`: until when it holds, or when it is to be looked at again. One in force has its first day.
    """

    SHAPES = {S.PREPARED: "todo", S.IN_FORCE: "done", S.REPLACED: "shut", S.EXPIRED: "no"}

    state = state_field(S, S.PREPARED)
    kind = models.CharField(_("nature"), max_length=12, choices=LegalKind)
    number = models.CharField(_("numéro de l’acte"), max_length=80, blank=True)
    starts_on = models.DateField(_("en vigueur le"), null=True, blank=True)
    renewal = models.CharField(_("renouvellement"), max_length=8, choices=RenewalKind, default=RenewalKind.NONE)
    notice_days = models.PositiveSmallIntegerField(_("préavis, en jours"), null=True, blank=True)
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("direction")
    )
    document = models.URLField(_("adresse de l’acte"), blank=True)

    class Meta:
        verbose_name = _("élément juridique")
        indexes = row_indexes("legal_item")
        constraints = [
            *row_constraints("legal_item", S),
            models.CheckConstraint(
                name="legal_item_due_after_start",
                condition=Q(due_on=None) | Q(starts_on=None) | Q(due_on__gte=F("starts_on")),
                violation_error_message=_("L’échéance vient après l’entrée en vigueur."),
            ),
            models.CheckConstraint(
                name="legal_item_in_force_since",
                condition=~Q(state=S.IN_FORCE) | Q(starts_on__isnull=False),
                violation_error_message=_("Dites depuis quand il est en vigueur."),
            ),
            models.CheckConstraint(
                name="legal_item_renewed_has_day",
                condition=Q(renewal=RenewalKind.NONE) | Q(due_on__isnull=False),
                violation_error_message=_("Ce qui se renouvelle a une échéance."),
            ),
            models.CheckConstraint(
                name="legal_item_notice_days",
                condition=Q(notice_days=None) | Q(notice_days__lte=730),
                violation_error_message=_("Le préavis ne dépasse pas deux ans."),
            ),
        ]
