"""Resources that may be booked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mission.registers.checks import row_constraints, row_indexes
from mission.registers.fields import state_field
from mission.registers.models import RegisterRow
from mission.resources.enums import ResourceKind, ResourceState

S = ResourceState


class Resource(RegisterRow):
    """Room, piece of equipment or vehicle that may be booked while it is in service."""

    state = state_field(S, S.IN_SERVICE)
    kind = models.CharField(_("type"), max_length=12, choices=ResourceKind)
    place = models.CharField(_("lieu"), max_length=120)
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    is_accessible = models.BooleanField(_("accessible en fauteuil"), default=False)
    keeper = models.CharField(_("gardien ou accueil"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("salle ou matériel")
        indexes = row_indexes("resource")
        constraints = row_constraints("resource", S)

    def __str__(self) -> str:
        return f"{self.name}, {self.place}"
