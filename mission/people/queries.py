"""Posts with their lines, in one statement, and the charts of their load.

`mission.people.rules` computes everything from these lines. A chart is the data of `ui/chart.html`: bars for the load,
a mark for the capacity, a shape where it is too much.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, JSONObject, Least
from django.urls import reverse
from django.utils.translation import gettext as _

from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.text.french import format_number, month_short
from mission.people.models import Allocation, CapacityPeriod
from mission.people.rules import FULL_TIME, MonthLoad, team_load

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


def absences_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the periods without working time of who has an account, for the team, never with a reason.

    None where the assembly does not use posts.
    """
    if not is_team(user, term):
        return
    rows = CapacityPeriod.objects.filter(row__assembly=term.assembly_id, row__assembly__plans_workload=True)
    rows = rows.filter(row__holder__isnull=False, percent=0)
    rows = rows.filter(starts_on__lte=last, ends_on__gte=first).select_related("row__holder__person")
    for period in rows.for_screen():
        yield CalendarItem(
            CalendarKind.ABSENCE,
            f"absence-{period.pk}",
            _("absence : %(name)s") % {"name": period.row.who},
            reverse("mission:people-row", args=[period.row_id]),
            period.starts_on,
            period.ends_on,
            users=(period.row.holder_id,),
        )


def month_label(one: MonthLoad) -> str:
    return f"{month_short(one.month)} {one.month.year}"


def bar(one: MonthLoad, text: str) -> dict[str, Any]:
    return {
        "label": month_label(one),
        "value": one.load,
        "text": text if one.load or one.capacity else "–",
        "reference": one.capacity,
        "tone": one.state_badge,
    }


def alert_label(one: MonthLoad) -> str:
    return {"late": _("au-dessus"), "warn": _("presque plein"), "": "–"}[one.state_badge]


def chart(title: str, loads: Sequence[MonthLoad], format_load: Any, **more: Any) -> dict[str, Any]:
    rows = [[month_label(one), format_load(one.load), format_load(one.capacity), alert_label(one)] for one in loads]
    spoken = ", ".join(f"{label} {load} / {capacity} {alert}" for label, load, capacity, alert in rows)
    bars = [bar(one, format_load(one.load)) for one in loads]
    head = [_("Mois"), _("Charge"), _("Temps"), _("Alerte")]
    return {"title": title, "bars": bars, "head": head, "rows": rows, "spoken": spoken, **more}


def time_share(value: int) -> str:
    return f"{value} %"


def full_times(value: int) -> str:
    return format_number(value / FULL_TIME)


def post_chart(title: str, loads: Sequence[MonthLoad], **more: Any) -> dict[str, Any]:
    """Return the chart of a post, in percent of a full time, on the same scale for everybody."""
    return chart(title, loads, time_share, most=FULL_TIME, **more)


def team_charts(lines: Sequence[tuple[Any, Sequence[MonthLoad]]]) -> list[dict[str, Any]]:
    """Return the chart of the whole team in full times, then that of each post, on one scale."""
    most = max((max(one.load, one.capacity) for _post, loads in lines for one in loads), default=FULL_TIME)
    whole = chart(_("Toute l’équipe"), team_load([loads for _post, loads in lines]), full_times)
    each = (
        chart(post.who, loads, time_share, most=most, note=post.name if post.holder else "") for post, loads in lines
    )
    return [whole | {"note": _("En équivalents temps plein.")}, *each]
