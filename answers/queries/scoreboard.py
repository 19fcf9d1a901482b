"""« x réponses sur y, délai médian »: the definition is in the README, the figures are one statement."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DurationField, F, Q, QuerySet, Value

from answers.models.answer_file import AnswerFileQuerySet
from assembly.indicators.counting import Median


@dataclass(frozen=True)
class Scoreboard:
    """Answers owed (`asked`), given at least once, unanswered and late; the days that half of the given ones took."""

    asked: int
    answered: int
    late: int
    median_days: float | None

    @property
    def median_whole(self) -> int:
        """The median as it is said: whole days, the half that takes longer counted with it."""
        return math.ceil(self.median_days or 0)


def counted(files: AnswerFileQuerySet, today: date) -> QuerySet[Any, tuple[Any, ...]]:
    """One row about all of these files, cancelled ones left out, for `scored`."""
    unanswered = Q(answered_on=None)
    return (
        files.standing()
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


def scoreboard(files: AnswerFileQuerySet, today: date) -> Scoreboard:
    """Of these files, on that day in Paris."""
    return scored(counted(files, today))
