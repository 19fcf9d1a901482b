"""Posts with their lines, in one statement; `mission.people.rules` computes everything from these lines."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, JSONObject, Least

from mission.people.models import Allocation, CapacityPeriod

LINE_FIELDS = {name: name for name in ("percent", "starts_on", "ends_on")}


def with_lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate posts with `periods` and `allocated`, lists of dicts; an allocation also has its `subject`."""
    periods = CapacityPeriod.objects.filter(row=OuterRef("pk")).order_by("pk")
    allocations = Allocation.objects.filter(row=OuterRef("pk")).order_by("pk")
    subject = Coalesce("operation__name", "sitting__title", "referral__title", "topic")
    return rows.annotate(
        periods=ArraySubquery(periods.values(line=JSONObject(**LINE_FIELDS))),
        allocated=ArraySubquery(allocations.values(line=JSONObject(**LINE_FIELDS, subject=subject))),
    )


def overload_candidates(rows: QuerySet[Any], first: date, end: date) -> QuerySet[Any]:
    """Return every post with too much work in a month from `first` to before `end`, and few others.

    The sum of all work asked in these months, as if at once, is compared with the least working time of any of them;
    the rule then decides.
    """

    def within(lines: QuerySet[Any], percent: Any) -> Subquery:
        current = lines.filter(row=OuterRef("pk"), starts_on__lt=end, ends_on__gte=first)
        return Subquery(current.order_by().values("row").values(percent=percent))

    asked = within(Allocation.objects.all(), Sum("percent"))
    of_a_period = within(CapacityPeriod.objects.all(), Min("percent"))
    is_away = Q(starts_on__gt=first) | Q(ends_on__lt=end)
    usual_or_less = Least(F("capacity"), of_a_period)  # PostgreSQL ignores the NULL without a period
    least = Case(When(is_away, then=Value(0)), default=usual_or_less, output_field=IntegerField())
    return rows.alias(asked=asked).filter(asked__gt=least)
