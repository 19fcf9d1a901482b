"""« x réponses sur y, délai médian »: defined in the README, computed with one query."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DurationField, F, Q, QuerySet, Value

from answers.cases.models import AnswerCaseQuerySet
from assembly.indicators.counting import Median


@dataclass(frozen=True)
class Scoreboard:
    """Numbers of answers owed (`asked`), given at least once, and unanswered and late; median of the days taken."""

    asked: int
    answered: int
    late: int
    median_days: float | None

    @property
    def median_whole(self) -> int:
        """Return the median as pages show it: in whole days, rounded up."""
        return math.ceil(self.median_days or 0)


def counted(cases: AnswerCaseQuerySet, today: date) -> QuerySet[Any, tuple[Any, ...]]:
    """Return one row about all of these cases, without cancelled ones, for `scored`."""
    unanswered = Q(answered_on=None)
    return (
        cases.standing()
        .order_by()
        .values(all=Value(1))
        .annotate(
            asked=Count("pk"),
            answered=Count("pk", filter=~unanswered),
            late=Count("pk", filter=unanswered & Q(due_on__lt=today)),
            median=Median(F("answered_on") - F("opened_on"), filter=~unanswered, output_field=DurationField()),
        )
        .values_list("asked", "answered", "late", "median")
    )


def scored(rows: Iterable[tuple[Any, ...]]) -> Scoreboard:
    ((asked, answered, late, median),) = rows
    return Scoreboard(asked, answered, late, None if median is None else median / timedelta(days=1))


def scoreboard(cases: AnswerCaseQuerySet, today: date) -> Scoreboard:
    """Return the score of these cases on that day in Paris."""
    return scored(counted(cases, today))
