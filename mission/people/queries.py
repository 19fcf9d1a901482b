"""Posts with their lines, in one statement: whatever is counted of them is counted in `mission.people.rules`."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, JSONObject, Least

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


def overload_candidates(rows: QuerySet[Any], first: date, end: date) -> QuerySet[Any]:
    """Every post that has too much in a month from `first` to before `end`, and few others: the rule decides.

    All that is asked in these months, as if at once, is held against the least time that there is in one of them.
    """

    def within(lines: QuerySet[Any], percent: Any) -> Subquery:
        found = lines.filter(row=OuterRef("pk"), starts_on__lt=end, ends_on__gte=first)
        return Subquery(found.order_by().values("row").values(percent=percent))

    asked = within(Allocation.objects.all(), Sum("percent"))
    of_a_period = within(CapacityPeriod.objects.all(), Min("percent"))
    is_away = Q(starts_on__gt=first) | Q(ends_on__lt=end)
    usual_or_less = Least(F("capacity"), of_a_period)  # PostgreSQL passes over the NULL of no period
    least = Case(When(is_away, then=Value(0)), default=usual_or_less, output_field=IntegerField())
    return rows.alias(asked=asked).filter(asked__gt=least)
