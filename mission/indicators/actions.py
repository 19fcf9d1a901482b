"""Nightly count, and count of a past day. A day that was counted is never counted again."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from assembly.indicators.counting import counts_of
from assembly.indicators.enums import Facts
from assembly.indicators.registry import CellCount, Indicator, indicators
from assembly.institution.enums import TermState
from assembly.institution.models import Term
from mission.indicators.models import IndicatorValue

FIELDS = ("numerator", "denominator", "value", "rows", "people")


@dataclass(frozen=True)
class NightDifference:
    """Value that a past day would have if it were counted today, and the one that its night counted."""

    indicator: Indicator
    night: IndicatorValue | None
    now: CellCount | None


def terms_counted() -> list[Term]:
    """Return the terms to count: follow-up outlives a term, so a closed one is counted until it is archived."""
    return list(Term.objects.exclude(state__in=TermState.tagged("dormant")).select_related("assembly").order_by("pk"))


def count_night() -> int:
    """Count yesterday, which is over, for every term at work; return the number of values. Idempotent."""
    yesterday = timezone.localdate() - timedelta(days=1)
    return sum(count_day(term, yesterday) for term in terms_counted())


@transaction.atomic
def count_day(
    term: Term,
    day: date,
    *,
    is_included: Callable[[Indicator], bool] = lambda indicator: True,
    with_breakdowns: bool = True,
) -> int:
    """Write the values of that day that no night wrote; return how many. `is_included`: of which indicators."""
    if day >= timezone.localdate():
        raise ValueError("A day is counted once it is over.")
    known = set(IndicatorValue.objects.filter(term=term, day=day).values_list("key", flat=True).distinct())
    asked = [one for one in indicators() if not one.is_manual and one.key not in known and is_included(one)]
    moment = timezone.now()
    rows = [
        IndicatorValue(term=term, day=day, key=one.key, counted_at=moment, **asdict(count))
        for one in asked
        for count in counts_of(one, term, day, with_breakdowns=with_breakdowns)
    ]
    return len(IndicatorValue.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000))


def differences(term: Term, day: date) -> list[NightDifference]:
    """Return what differs from the night: any row is an error in an indicator declared as recomputable.

    A breakdown whose facts are weaker than those of the whole is not compared.
    """
    changes: list[NightDifference] = []
    for indicator in indicators():
        if not indicator.is_recomputable:
            continue
        promised = {"", *(one.key for one in indicator.breakdowns if one.facts == Facts.RECORDED)}
        nights = {
            (row.breakdown, row.cell): row
            for row in IndicatorValue.objects.filter(term=term, day=day, key=indicator.key, breakdown__in=promised)
        }
        if not nights:
            continue
        counted = {key[0] for key in nights}
        now = {(one.breakdown, one.cell): one for one in counts_of(indicator, term, day) if one.breakdown in counted}
        for key in sorted(nights.keys() | now.keys()):
            if not agree(nights.get(key), now.get(key)):
                changes.append(NightDifference(indicator, nights.get(key), now.get(key)))
    return changes


def agree(night: IndicatorValue | None, now: CellCount | None) -> bool:
    """Return whether both counts are equal; an empty cell that did not exist yet equals a missing one."""
    if night is None or now is None:
        one = night or now
        return one is None or not one.rows
    return all(getattr(night, name) == getattr(now, name) for name in FIELDS)
