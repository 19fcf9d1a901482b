"""People drawn who were proposed a seat, the first time or after somebody: append-only (trigger)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from draws.draws.models import Draw
from members.models import Mandate


class Placement(models.Model):
    """Seat proposed to somebody drawn. `vacated`: whose seat it was.
    `instead_of`: the pseudonym of somebody drawn who renounced before any mandate, whose place it is. `findings`: what
    the written rule considered, with the panel before and after."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="placements")
    pseudonym = models.CharField(_("pseudonyme"), max_length=16)
    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, related_name="placement")
    vacated = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor", verbose_name=_("remplace")
    )
    instead_of = models.CharField(_("à la place de"), max_length=16, blank=True, default="", db_default="")
    findings = models.JSONField(default=dict)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "pseudonym"], name="placement_pseudonym_once"),
            models.UniqueConstraint(
                fields=["draw", "instead_of"], condition=~Q(instead_of=""), name="placement_instead_of_once"
            ),
            models.CheckConstraint(name="placement_after_one_person", condition=Q(vacated=None) | Q(instead_of="")),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} of draw {self.draw_id}"
