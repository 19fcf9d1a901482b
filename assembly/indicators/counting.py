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

from assembly.indicators.registry import Breakdown, CellCount, Indicator, Unit
from assembly.institution.models import Term

AMOUNT = DecimalField(max_digits=20, decimal_places=6)
STEP = Decimal("0.0001")
HUNDRED = Decimal(100)
ALL = ""


def end_of(day: date) -> datetime:
    """Return the first moment in Paris after that day: a fact before it belongs to the day or to an earlier one."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def days_of(term: Term, day: date) -> tuple[date, date]:
    """Return the first and the last counted day of rows that belong to the assembly and to no term.

    They run from the first day of the term to that day, or to the eve of the next term. Where the next term began
    before, the two are in the wrong order, and nothing is counted.
    """
    later = Term.objects.filter(assembly=term.assembly_id, starts_on__gt=term.starts_on).order_by("starts_on")
    following = later.values_list("starts_on", flat=True).first()
    return term.starts_on, min(day, following - timedelta(days=1)) if following else day


def one_if(condition: Q) -> Case:
    """Return the part of a row: one where it counts in the share, else zero."""
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


class Median(Aggregate):
    """PostgreSQL’s percentile_cont(0.5); None without rows."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"


class HoursBetween(Func):
    """The exact number of hours between two moments."""

    template = "(EXTRACT(EPOCH FROM (%(expressions)s)) / 3600)"
    arg_joiner = " - "
    output_field = AMOUNT

    def __init__(self, start: Any, end: Any, **extra: Any) -> None:
        super().__init__(end, start, **extra)


class DaysBetween(Func):
    """The number of days between two days."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = AMOUNT

    def __init__(self, start: Any, end: Any, **extra: Any) -> None:
        super().__init__(end, start, **extra)


def measured_rows(indicator: Indicator, term: Term, day: date) -> QuerySet[Any]:
    """Return the rows of the figure with their part and base; a part of zero is a row left out of the share."""
    assert indicator.rows is not None  # noqa: S101 -- a manual one has no rows
    part = indicator.part(day) if indicator.part else Value(1)
    base = indicator.base(day) if indicator.base else Value(1)
    return indicator.rows(term, day).annotate(indicator_part=Cast(part, AMOUNT), indicator_base=Cast(base, AMOUNT))


def cell_rows(
    indicator: Indicator, term: Term, day: date, breakdown: Breakdown | None = None, cell: str = ALL
) -> QuerySet[Any]:
    """Return the rows of one cell; of the whole without a breakdown."""
    rows = measured_rows(indicator, term, day)
    if breakdown is None:
        return rows
    return rows.annotate(indicator_cell=cell_of(breakdown, term, day)).filter(indicator_cell=cell)


def cell_of(breakdown: Breakdown, term: Term, day: date) -> Any:
    by = breakdown.by(term, day)
    return Coalesce(Cast(F(by) if isinstance(by, str) else by, CharField()), Value(""))


def counts_of(indicator: Indicator, term: Term, day: date, *, with_breakdowns: bool = True) -> list[CellCount]:
    """Return every cell of the indicator at the end of that day in Paris, the whole first."""
    if indicator.is_manual:
        return []
    if indicator.count:
        cells = indicator.count(term, day)
        return cells if with_breakdowns else [cell for cell in cells if not cell.breakdown]
    breakdowns = indicator.breakdowns if with_breakdowns else ()
    return [cell for key in (None, *breakdowns) for cell in cells_of(indicator, term, day, key)]


def cells_of(indicator: Indicator, term: Term, day: date, breakdown: Breakdown | None) -> Iterator[CellCount]:
    key = breakdown.key if breakdown else ALL
    extra = indicator.extra_counts(term, day, key) if indicator.extra_counts else {}
    divisors = indicator.divisors(term, day, key) if indicator.divisors else None
    sums = summed(indicator, term, day, breakdown)
    cells = [ALL] if breakdown is None else list({**dict.fromkeys(breakdown.cells(term)), **sums, **extra})
    for cell in cells:
        part, base, rows, people = sums.get(cell, (None, None, 0, 0))
        extra_count = extra.get(cell, Decimal(0))
        numerator = None if indicator.is_median else (part or Decimal(0)) + extra_count
        denominator = denominator_of(indicator, base, divisors, cell)
        value = part if indicator.is_median else divided(indicator.unit, numerator, denominator)
        yield CellCount(
            key,
            cell,
            quantized(numerator),
            quantized(denominator),
            quantized(value),
            None if extra_count else rows,
            people + int(extra_count) if indicator.people else None,
        )


def summed(
    indicator: Indicator, term: Term, day: date, breakdown: Breakdown | None
) -> Mapping[str, tuple[Decimal | None, Decimal | None, int, int]]:
    measure = Median("indicator_part", output_field=AMOUNT) if indicator.is_median else Sum("indicator_part")
    cell_expression = cell_of(breakdown, term, day) if breakdown else Value(ALL, CharField())
    rows = (
        measured_rows(indicator, term, day)
        .order_by()
        .annotate(indicator_cell=cell_expression)
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
    indicator: Indicator, base: Decimal | None, divisors: Mapping[str, Decimal] | None, place: str
) -> Decimal | None:
    """Return the sum of the bases of a share, the value of `divisors`, or None."""
    if divisors is not None:
        return divisors.get(place, Decimal(0))
    return (base or Decimal(0)) if indicator.base else None


def divided(unit: Unit, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Return the value; None where there is nothing to divide by."""
    if denominator is None or numerator is None:
        return numerator
    if not denominator:
        return None
    return numerator * (HUNDRED if unit == Unit.PERCENT else 1) / denominator


def quantized(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(value).quantize(STEP)
