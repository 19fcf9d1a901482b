"""The count of one indicator on one day, in SQL: one statement for the whole and one for each breakdown."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from assembly.indicators.enums import Unit
from assembly.indicators.registry import Breakdown, CellCount, Indicator
from assembly.institution.models import Term

AMOUNT = DecimalField(max_digits=20, decimal_places=6)
STEP = Decimal("0.0001")
HUNDRED = Decimal(100)
ALL = ""


def end_of(day: date) -> datetime:
    """The first moment in Paris that is no longer that day: a fact before it belongs to the day or to one before."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def days_of(term: Term, day: date) -> tuple[date, date]:
    """Of what belongs to the assembly and to no term: from the first day of the term to that day, or to the eve of the
    next term. The two are in the wrong order, and nothing is counted, where the next one began before."""
    later = Term.objects.filter(assembly=term.assembly_id, starts_on__gt=term.starts_on).order_by("starts_on")
    following = later.values_list("starts_on", flat=True).first()
    return term.starts_on, min(day, following - timedelta(days=1)) if following else day


def one_if(condition: Q) -> Case:
    """The part of a row: one where it counts in the share, else nothing."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


class Median(Aggregate):
    """PostgreSQL’s percentile_cont(0.5); None of no row."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"


class HoursBetween(Func):
    """The hours between two moments, exact."""

    template = "(EXTRACT(EPOCH FROM (%(expressions)s)) / 3600)"
    arg_joiner = " - "
    output_field = AMOUNT

    def __init__(self, start: Any, end: Any, **extra: Any) -> None:
        super().__init__(end, start, **extra)


class DaysBetween(Func):
    """The days between two days."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = AMOUNT

    def __init__(self, start: Any, end: Any, **extra: Any) -> None:
        super().__init__(end, start, **extra)


def measured_rows(indicator: Indicator, term: Term, day: date) -> QuerySet[Any]:
    """The rows of the figure, each with its part and its base; a part of zero is a row that the share leaves out."""
    assert indicator.rows is not None  # noqa: S101 -- a manual one has no rows
    part = indicator.part(day) if indicator.part else Value(1)
    base = indicator.base(day) if indicator.base else Value(1)
    return indicator.rows(term, day).annotate(indicator_part=Cast(part, AMOUNT), indicator_base=Cast(base, AMOUNT))


def cell_rows(
    indicator: Indicator, term: Term, day: date, breakdown: Breakdown | None = None, cell: str = ALL
) -> QuerySet[Any]:
    """The rows of one cell; of the whole without a breakdown."""
    rows = measured_rows(indicator, term, day)
    if breakdown is None:
        return rows
    return rows.annotate(indicator_cell=cell_of(breakdown, term, day)).filter(indicator_cell=cell)


def cell_of(breakdown: Breakdown, term: Term, day: date) -> Any:
    by = breakdown.by(term, day)
    return Coalesce(Cast(F(by) if isinstance(by, str) else by, CharField()), Value(""))


def counts_of(indicator: Indicator, term: Term, day: date, *, with_breakdowns: bool = True) -> list[CellCount]:
    """Every cell of the indicator at the end of that day in Paris, the whole first."""
    if indicator.is_manual:
        return []
    if indicator.count:
        found = indicator.count(term, day)
        return found if with_breakdowns else [one for one in found if not one.breakdown]
    breakdowns = indicator.breakdowns if with_breakdowns else ()
    return [one for key in (None, *breakdowns) for one in cells_of(indicator, term, day, key)]


def cells_of(indicator: Indicator, term: Term, day: date, breakdown: Breakdown | None) -> Iterator[CellCount]:
    key = breakdown.key if breakdown else ALL
    aside = indicator.aside(term, day, key) if indicator.aside else {}
    per = indicator.per(term, day, key) if indicator.per else None
    sums = summed(indicator, term, day, breakdown)
    places = [ALL] if breakdown is None else list({**dict.fromkeys(breakdown.cells(term)), **sums, **aside})
    for place in places:
        part, base, rows, people = sums.get(place, (None, None, 0, 0))
        beside = aside.get(place, Decimal(0))
        numerator = None if indicator.is_median else (part or Decimal(0)) + beside
        denominator = denominator_of(indicator, base, per, place)
        value = part if indicator.is_median else divided(indicator.unit, numerator, denominator)
        yield CellCount(
            key,
            place,
            quantized(numerator),
            quantized(denominator),
            quantized(value),
            None if beside else rows,
            people + int(beside) if indicator.people else None,
        )


def summed(
    indicator: Indicator, term: Term, day: date, breakdown: Breakdown | None
) -> Mapping[str, tuple[Decimal | None, Decimal | None, int, int]]:
    measure = Median("indicator_part", output_field=AMOUNT) if indicator.is_median else Sum("indicator_part")
    place = cell_of(breakdown, term, day) if breakdown else Value(ALL, CharField())
    rows = (
        measured_rows(indicator, term, day)
        .order_by()
        .annotate(indicator_cell=place)
        .values("indicator_cell")
        .annotate(
            part=measure,
            base=Sum("indicator_base"),
            rows=Count("pk"),
            people=Count(indicator.people, distinct=True) if indicator.people else Value(0),
        )
    )
    return {cell: tuple(rest) for cell, *rest in rows.values_list("indicator_cell", "part", "base", "rows", "people")}


def denominator_of(
    indicator: Indicator, base: Decimal | None, per: Mapping[str, Decimal] | None, place: str
) -> Decimal | None:
    """The sum of the bases of a share, what `per` gives, or nothing."""
    if per is not None:
        return per.get(place, Decimal(0))
    return (base or Decimal(0)) if indicator.base else None


def divided(unit: Unit, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """The value; None where there is nothing to divide by."""
    if denominator is None or numerator is None:
        return numerator
    if not denominator:
        return None
    return numerator * (HUNDRED if unit == Unit.PERCENT else 1) / denominator


def quantized(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(STEP)
