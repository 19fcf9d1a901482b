"""Figures of the inhabitants, by feature: one row an import; of each feature the last one not excluded counts."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key, user_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import Assembly


class PopulationMarginsQuerySet(models.QuerySet["PopulationMargins"]):
    def counting(self, assembly_id: int) -> Self:
        """Return the imports of this assembly that nobody excluded, the last one last."""
        return self.filter(assembly=assembly_id, excluded_at=None).order_by("pk")


class PopulationMargins(models.Model):
    """Imported figures. `shares`: by feature, then by value as in `queries.py`, each between 0 and 1."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("source"), max_length=160)
    dated_on = models.DateField(_("date des chiffres"))
    shares = models.JSONField()
    imported_by = user_key()
    imported_at = models.DateTimeField(auto_now_add=True)
    excluded_at = models.DateTimeField(_("écarté le"), null=True, blank=True)
    excluded_by = optional_user_key()

    privacy = IMPERSONAL
    objects = PopulationMarginsQuerySet.as_manager()

    class Meta:
        verbose_name = _("chiffres de la population")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="margins_excluded_by_somebody",
                condition=Q(excluded_at=None, excluded_by=None)
                | Q(excluded_at__isnull=False, excluded_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"margins {self.pk} of assembly {self.assembly_id}"
