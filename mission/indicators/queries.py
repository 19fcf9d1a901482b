"""Figures of indicators for pages and papers: formats, change over a year, breakdowns, comparison of terms."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from assembly.indicators.registry import MONTHS, Breakdown, Indicator, Theme, Unit, indicators
from assembly.institution.models import Term
from assembly.speed.queries import CompiledQuery
from assembly.text.french import NBSP, Label, format_date, format_number
from assembly.text.small_cells import FEW, hidden_cells
from mission.indicators import rules
from mission.indicators.models import IndicatorSheet, IndicatorValue, ManualValue

NOTHING = "—"
MINUS = "−"


def short_number(value: Decimal, decimals: int = 1) -> str:
    """Return « 82,1 » or « 82 »: decimals that are all zero are left out."""
    rounded = round(value, decimals)
    text = format_number(abs(rounded), 0 if rounded == rounded.to_integral_value() else decimals)
    return f"{MINUS}{text}" if rounded < 0 else text


def format_figure(unit: str, value: Decimal | None) -> str:
    """Return « 82,1 % », « 1 234 h », « 42 jours » or « 1 234,50 € »; a dash without a value."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.PERCENT:
            return f"{short_number(value)}{NBSP}%"
        case Unit.HOURS:
            return f"{short_number(value, 0)}{NBSP}h"
        case Unit.EUROS:
            return f"{short_number(value, 2)}{NBSP}€"
        case Unit.DAYS:
            return ngettext("%(n)s\u00a0jour", "%(n)s\u00a0jours", 1 if abs(value) < 2 else 2) % {
                "n": short_number(value)
            }
        case Unit.POINTS:
            return ngettext("%(n)s\u00a0point", "%(n)s\u00a0points", 1 if abs(value) < 2 else 2) % {
                "n": short_number(value)
            }
        case _:
            return short_number(value)


def format_parts(indicator: Indicator, numerator: Decimal | None, denominator: Decimal | None) -> str:
    """Return « 402 sur 490 » or « 8 420,50 € ÷ 12 »; empty where the value is the number itself."""
    if denominator is None or numerator is None:
        return ""
    if indicator.unit == Unit.PERCENT:
        return _("%(n)s sur %(all)s") % {"n": short_number(numerator), "all": short_number(denominator)}
    part = format_figure(indicator.unit, numerator) if indicator.unit == Unit.EUROS else short_number(numerator)
    return f"{part} ÷ {short_number(denominator)}"


def format_change(unit: str, now: Decimal | None, before: Decimal | None) -> str:
    """Return « + 3 points en un an »: the change over a year, in the unit of the difference."""
    if now is None or before is None:
        return ""
    change = now - before
    if not round(change, 1):
        return _("stable sur un an")
    text = format_figure(Unit.POINTS if unit == Unit.PERCENT else unit, abs(change))
    sign = MINUS if change < 0 else "+"
    return _("%(change)s en un an") % {"change": f"{sign}{NBSP}{text}"}


def format_target(indicator: Indicator) -> str:
    if indicator.target is not None:
        return _("au moins %(value)s") % {"value": format_figure(indicator.unit, indicator.target)}
    if indicator.at_most is not None:
        return _("au plus %(value)s") % {"value": format_figure(indicator.unit, indicator.at_most)}
    return ""


def is_reached(indicator: Indicator, value: Decimal | None) -> bool | None:
    """Return whether the target is reached; None without a target or a value."""
    if value is None:
        return None
    if indicator.target is not None:
        return value >= indicator.target
    return None if indicator.at_most is None else value <= indicator.at_most


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
    return build_figure(reader, indicator, row, is_small=is_few(row.people), trend=trend)


def build_figure(
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
        build_figure(
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


AGES = (3, 6, 9, 12, 18, 24, 30)


@dataclass(frozen=True)
class ComparedRow:
    """Indicator with its figure in each term, in the order of the terms."""

    indicator: Indicator
    figures: list[Figure]

    @property
    def is_empty(self) -> bool:
        return not any(map(is_shown, self.figures))

    @property
    def most(self) -> float:
        """Return the length of the longest bar; 0 if only one term has a value."""
        sizes = [one.size for one in self.figures if one.value is not None]
        return max(sizes) if len(sizes) > 1 else 0.0


def months_offered(term: Term) -> list[int]:
    """Return the ages, in months, that the term has reached; the first one in any case."""
    today = timezone.localdate()
    return [one for one in AGES if day_at(term, one) <= today] or [AGES[0]]


def day_at(term: Term, months: int) -> date:
    return months_earlier(term.starts_on, -months)


def comparison(reader: Reader, months: int) -> tuple[list[Term], list[ComparedRow]]:
    """Return the terms with figures and a row for each indicator, so many months after each start.

    It takes four statements a term.
    """
    terms = list(Term.objects.filter(assembly=reader.term.assembly_id).order_by("number"))
    by_term = [
        figures_of(Reader(term, reader.user, reader.area), indicators(), until=day_at(term, months)) for term in terms
    ]
    empty = [Figure(one, None, None) for one in indicators()]
    begun = [
        (term, figures) for term, figures in zip(terms, by_term, strict=True) if any(map(is_shown, figures.values()))
    ]
    rows = [
        ComparedRow(
            one.indicator,
            [replace(figures.get(one.indicator.key, one), label=term.name) for term, figures in begun],
        )
        for one in empty
    ]
    return [term for term, _figures in begun], [row for row in rows if not row.is_empty]


def is_shown(figure: Figure) -> bool:
    return figure.value is not None or figure.is_hidden


SOON = 14  # so many days before its day, a value appears in « À faire »


def is_near(day: date) -> bool:
    return day <= timezone.localdate() + timedelta(days=SOON)


def _last_days(term: int) -> QuerySet[ManualValue, tuple[str, date]]:
    return ManualValue.objects.filter(term=term, breakdown="").order_by().values_list("key").annotate(day=Max("day"))


LAST_DAYS = CompiledQuery(_last_days)  # run by the dashboard of the back office


def due_days(term: Term) -> dict[str, date]:
    """Return the day on which each value is due: so many months after its last one, or after the start of the term."""
    manual = [one for one in indicators() if one.is_manual]
    last: dict[str, date] = dict(LAST_DAYS(term.pk))
    return {one.key: months_earlier(last.get(one.key, term.starts_on), -MONTHS[one.frequency]) for one in manual}


SHEET = "mission.IndicatorSheet"
PRINT_KIND, SEALED_KIND = "indicator-sheet-print", "indicator-sheet"


def sheet_title(sheet: IndicatorSheet) -> str:
    return _("Indicateurs au %(day)s") % {"day": format_date(sheet.day, weekday=False)}


def sheet_content(term: Term, day: date) -> dict[str, Any]:
    """Return every figure of that night as text, without small cells: a paper is passed on."""
    figures = figures_of(Whole(term), indicators(), until=day)
    themes = [(str(theme.label), [one for one in figures.values() if one.indicator.theme == theme]) for theme in Theme]
    return {
        "schema": "hemicycle/indicators/1",
        "term": term.name,
        "day": day.isoformat(),
        "themes": [{"title": title, "figures": [sheet_row(one) for one in rows]} for title, rows in themes if rows],
    }


class Whole(Reader):
    """Reader of a paper or file: every indicator, no small cell, no link to the rows."""

    def sees(self, indicator: Any) -> bool:
        return True


def sheet_row(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.indicator.key,
        "name": str(figure.indicator.name),
        "definition": str(figure.indicator.definition),
        "value": figure.text,
        "parts": figure.parts,
        "reason": figure.reason,
        "change": figure.change,
        "target": figure.target,
        "day": figure.day.isoformat() if figure.day else "",
    }
