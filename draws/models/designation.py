"""People whom an internal draw named, and who came instead of whom: append-only (trigger)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy, retained
from draws.draws.models import Draw
from draws.enums import DesignationOutcome
from members.models import Mandate


class Designation(models.Model):
    """Result for one person. `rank`: of those named, in the order of the lot. `instead_of`: pseudonym drawn first."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="designations")
    pseudonym = models.CharField(_("pseudonyme"), max_length=16)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="designations")
    outcome = models.CharField(_("issue"), max_length=10, choices=DesignationOutcome)
    rank = models.PositiveSmallIntegerField(_("rang"), null=True, blank=True)
    instead_of = models.CharField(_("à la place de"), max_length=16, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(auto_now_add=True)

    privacy = ModelPrivacy(
        _("Vos tirages au sort parmi les membres"),
        owner="mandate__member__person",
        default=retained(_("tirage au sort parmi les membres, gardé sans votre nom")),
    )

    class Meta:
        verbose_name = _("désignation")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "pseudonym"], name="designation_pseudonym_once"),
            models.UniqueConstraint(fields=["draw", "rank"], name="designation_rank_once"),
            models.CheckConstraint(
                name="designation_outcome_known", condition=Q(outcome__in=DesignationOutcome.values)
            ),
            models.CheckConstraint(
                name="designation_rank_iff_named",
                condition=Q(outcome=DesignationOutcome.NAMED, rank__isnull=False)
                | ~Q(outcome=DesignationOutcome.NAMED) & Q(rank=None, instead_of=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} of draw {self.draw_id}"
