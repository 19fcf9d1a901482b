"""Counters of references that are given once, never reused and never renumbered."""

from django.db import models

from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models.assembly import Assembly


class ReferenceCounter(models.Model):
    """Last number given in a series of a year: ("PL", 2026) → 2. Gaps are acceptable, a decrease is not."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assembly", "series", "year"], name="reference_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}-{self.last:02d}"
