"""Figures as one reader sees them: a number, its parts, its small cells, the link to its rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.indicators.registry import Breakdown, Indicator
from assembly.institution.models import Term
from assembly.text.french import Label, format_date
from assembly.text.small_cells import FEW, hidden_cells
from mission.indicators import rules
from mission.indicators.formats import format_change, format_figure, format_parts, format_target, is_reached
from mission.indicators.models import IndicatorValue, ManualValue

MONTHS_BACK = 12
WEEK = timedelta(days=7)
ROWS = {"desk": "mission:indicator-rows", "directorate": "mission:directorate-indicator-rows"}


@dataclass(frozen=True)
class Reader:
    """Reader of the figures of a term in one `area`. In `public`, and in files, small cells are hidden."""

    term: Term
    user: Any = None
    area: str = "public"

    @property
    def is_public(self) -> bool:
        return self.user is None

    def sees(self, indicator: Indicator) -> bool:
        return indicator.is_public if self.is_public else rules.sees(self.user, self.term, indicator)

    def opens(self, indicator: Indicator, breakdown: str = "", cell: str = "") -> bool:
        return self.area in ROWS and rules.opens(self.user, self.term, indicator, breakdown, cell)

    def reads_small_cells(self, indicator: Indicator) -> bool:
        """Return whether small cells are shown to this reader.

        Whoever opens every row knows its people; the team typed the values of manual indicators.
        """
        if indicator.is_manual:
            return self.area == "desk" and rules.can_see_indicators(self.user, self.term)
        return self.opens(indicator)


@dataclass(frozen=True)
class Figure:
    """Figure of an indicator or of one of its cells. `is_small`: hidden from whoever does not open the rows."""

    indicator: Indicator
    day: date | None
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    rows: int | None = None
    people: int | None = None
    label: Label = ""
    cell: str = ""
    is_small: bool = False
    is_hidden: bool = False
    url: str = ""
    trend: tuple["Point", ...] = ()
    source: str = ""

    @property
    def text(self) -> str:
        return _("masqué") if self.is_hidden else format_figure(self.indicator.unit, self.value)

    @property
    def size(self) -> float:
        """Return the length of its bar."""
        return abs(float(self.value or 0))

    @property
    def parts(self) -> str:
        return "" if self.is_hidden else format_parts(self.indicator, self.numerator, self.denominator)

    @property
    def reason(self) -> str:
        """Return why no number is shown."""
        if self.is_hidden:
            return _("Trop peu de personnes : le chiffre pourrait en désigner une.")
        if self.value is not None:
            return ""
        is_counted = self.day is not None or self.indicator.is_manual
        return str(self.indicator.empty_reason) if is_counted else _("Pas encore relevé.")

    @property
    def target(self) -> str:
        return format_target(self.indicator)

    @property
    def is_reached(self) -> bool | None:
        return None if self.is_hidden else is_reached(self.indicator, self.value)

    @property
    def change(self) -> str:
        """Return the change since the first point of the trend, a year before; empty if it is unknown."""
        if self.is_hidden or self.indicator.is_manual or not self.trend:
            return ""
        return format_change(self.indicator.unit, self.value, self.trend[0].value)

    @property
    def spark(self) -> list[Decimal | None]:
        return [] if self.is_hidden else [point.value for point in self.trend]


@dataclass(frozen=True)
class Point:
    day: date
    value: Decimal | None
    unit: str

    @property
    def label(self) -> str:
        return format_date(self.day, weekday=False)

    @property
    def text(self) -> str:
        return format_figure(self.unit, self.value)


@dataclass(frozen=True)
class BreakdownFigures:
    breakdown: Breakdown
    figures: list[Figure] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Return whether every figure is hidden."""
        return bool(self.figures) and all(one.is_hidden for one in self.figures)


def month_ends(last: date) -> list[date]:
    """Return the last night and the same day (or the last one) of the twelve months before, in order."""
    days = [last]
    for back in range(1, MONTHS_BACK + 1):
        days.append(months_earlier(last, back))
    return days[::-1]


def months_earlier(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def figures_of(reader: Reader, indicators: Iterable[Indicator], *, until: date | None = None) -> dict[str, Figure]:
    """Return the last figure of each, with the points of a year: three statements, and two for manual values."""
    seen = [one for one in indicators if reader.sees(one)]
    nights = [one for one in seen if not one.is_manual]
    return nightly_figures(reader, nights, until) | manual_figures(
        reader, [one for one in seen if one.is_manual], until
    )


def nightly_figures(reader: Reader, indicators: Sequence[Indicator], until: date | None) -> dict[str, Figure]:
    last = IndicatorValue.objects.last_night(reader.term, until)
    if last is None:
        return {one.key: Figure(one, None, None) for one in indicators}
    days = counted_nights(reader.term, month_ends(last))
    rows = IndicatorValue.objects.whole().filter(
        term=reader.term, key__in=[one.key for one in indicators], day__in=days
    )
    nights: dict[str, dict[date, IndicatorValue]] = defaultdict(dict)
    for row in rows.for_screen():
        nights[row.key][row.day] = row
    return {one.key: whole_figure(reader, one, nights[one.key], days) for one in indicators}


def counted_nights(term: Term, ends: Sequence[date]) -> list[date]:
    """Return for each day the last night counted in the week before it; the day itself if there is none."""
    first = ends[0] - WEEK
    rows = IndicatorValue.objects.whole().filter(term=term, day__range=(first, ends[-1])).order_by()
    counted = sorted(rows.values_list("day", flat=True).distinct())
    return [max((day for day in counted if end - WEEK < day <= end), default=end) for end in ends]


def whole_figure(
    reader: Reader, indicator: Indicator, values_by_day: dict[date, IndicatorValue], days: list[date]
) -> Figure:
    row = values_by_day.get(days[-1])
    trend = tuple(
        Point(
            day,
            None
            if is_few(values_by_day[day].people) and not reader.reads_small_cells(indicator)
            else values_by_day[day].value,
            indicator.unit,
        )
        if day in values_by_day
        else Point(day, None, indicator.unit)
        for day in days
    )
    if row is None:
        return Figure(indicator, None, None, trend=trend)
    return figure(reader, indicator, row, is_small=is_few(row.people), trend=trend)


def figure(
    reader: Reader,
    indicator: Indicator,
    row: IndicatorValue,
    *,
    is_small: bool,
    trend: tuple[Point, ...] = (),
    label: Label = "",
) -> Figure:
    opens = reader.opens(indicator, row.breakdown, row.cell)
    is_hidden = is_small and not (opens or reader.reads_small_cells(indicator))
    shown = (None,) * 5 if is_hidden else (row.value, row.numerator, row.denominator, row.rows, row.people)
    return Figure(
        indicator,
        row.day,
        *shown,
        label=label,
        cell=row.cell,
        is_small=is_small,
        is_hidden=is_hidden,
        url=rows_address(reader, indicator, row) if opens and row.rows is not None else "",
        trend=trend,
    )


def rows_address(reader: Reader, indicator: Indicator, row: IndicatorValue) -> str:
    query = {"jour": row.day.isoformat()}
    if row.breakdown:
        query |= {"detail": row.breakdown, "case": row.cell}
    return f"{reverse(ROWS[reader.area], args=[indicator.key])}?{urlencode(query)}"


def is_few(people: int | None) -> bool:
    return people is not None and 0 < people < FEW


def breakdown_figures(reader: Reader, indicator: Indicator, day: date | None) -> list[BreakdownFigures]:
    """Return every breakdown of that night that the reader may see; small cells also hide others."""
    visible = [
        one for one in indicator.breakdowns if one.is_public or not reader.is_public and reader.area != "member"
    ]
    rows: dict[str, dict[str, IndicatorValue]] = defaultdict(dict)
    if day and visible:
        cells = IndicatorValue.objects.filter(
            term=reader.term, key=indicator.key, day=day, breakdown__in=[one.key for one in visible]
        )
        for row in cells.for_screen():
            rows[row.breakdown][row.cell] = row
    return [
        BreakdownFigures(one, cell_figures(reader, indicator, one, rows[one.key])) for one in visible if rows[one.key]
    ]


def cell_figures(
    reader: Reader, indicator: Indicator, breakdown: Breakdown, rows: dict[str, IndicatorValue]
) -> list[Figure]:
    """Return the cells in the order of the declaration.

    The people of all cells decide which are hidden, including those of cells that are not shown.
    """
    labels = breakdown.cells(reader.term)
    order = [*(cell for cell in labels if cell in rows), *sorted(cell for cell in rows if cell not in labels)]
    hidden = hidden_cells([rows[cell].people or 0 for cell in order])
    figures = [
        figure(
            reader,
            indicator,
            rows[cell],
            is_small=position in hidden,
            label=capfirst(str(labels.get(cell) or _("non connu"))),
        )
        for position, cell in enumerate(order)
    ]
    return [one for one in figures if one.is_hidden or one.rows or one.numerator or one.value is not None]


def manual_figures(reader: Reader, indicators: Sequence[Indicator], until: date | None) -> dict[str, Figure]:
    """Return the last entry about the whole; the trend is made of the entries."""
    entries: dict[str, list[ManualValue]] = defaultdict(list)
    if indicators:
        rows = ManualValue.objects.standing().filter(
            term=reader.term,
            key__in=[one.key for one in indicators],
            breakdown="",
            **({"day__lte": until} if until else {}),
        )
        for row in rows.order_by("key", "day").for_screen():
            entries[row.key].append(row)
    return {one.key: manual_figure(reader, one, entries[one.key]) for one in indicators}


def manual_figure(reader: Reader, indicator: Indicator, entries: list[ManualValue], label: Label = "") -> Figure:
    if not entries:
        return Figure(indicator, None, None)
    last = entries[-1]
    reads = reader.reads_small_cells(indicator)
    is_small = is_few(last.people)
    is_hidden = is_small and not reads
    return Figure(
        indicator,
        last.day,
        None if is_hidden else last.value,
        people=None if is_hidden else last.people,
        label=label,
        cell=last.cell,
        is_small=is_small,
        is_hidden=is_hidden,
        source="" if is_hidden else last.source,
        trend=tuple(
            Point(one.day, None if is_few(one.people) and not reads else one.value, indicator.unit) for one in entries
        ),
    )


def manual_breakdowns(reader: Reader, indicator: Indicator, day: date | None) -> list[BreakdownFigures]:
    """Return the cells entered for the day of the last entry about the whole."""
    if day is None or not indicator.breakdowns:
        return []
    rows = ManualValue.objects.standing().filter(term=reader.term, key=indicator.key, day=day).exclude(breakdown="")
    entries: dict[str, dict[str, ManualValue]] = defaultdict(dict)
    for row in rows.for_screen():
        entries[row.breakdown][row.cell] = row
    figures = []
    for breakdown in indicator.breakdowns:
        labels = breakdown.cells(reader.term)
        cells = [
            manual_figure(reader, indicator, [entries[breakdown.key][cell]], label=capfirst(str(label)))
            for cell, label in labels.items()
            if cell in entries[breakdown.key]
        ]
        if cells:
            figures.append(BreakdownFigures(breakdown, cells))
    return figures
