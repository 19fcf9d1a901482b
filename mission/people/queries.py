"""Posts with their lines, in one statement: whatever is counted of them is counted in `mission.people.rules`."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from mission.people.models import Allocation, CapacityPeriod

TOLD = {name: name for name in ("percent", "starts_on", "ends_on")}


def with_lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`periods` and `allocated`, as dicts; of an allocation also the `subject`."""
    periods = CapacityPeriod.objects.filter(row=OuterRef("pk")).order_by("pk")
    allocations = Allocation.objects.filter(row=OuterRef("pk")).order_by("pk")
    subject = Coalesce("operation__name", "sitting__title", "referral__title", "topic")
    return rows.annotate(
        periods=ArraySubquery(periods.values(told=JSONObject(**TOLD))),
        allocated=ArraySubquery(allocations.values(told=JSONObject(**TOLD, subject=subject))),
    )
