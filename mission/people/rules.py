"""Load against capacity, month by month: how they are computed, and the thresholds of much and too much."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from assembly.identity.personal_data import months_later
from assembly.text.french import alphabetical

MUCH = 90  # percent of the capacity
FULL_TIME = 100
MONTHS = 12
type LineValues = Mapping[str, Any]  # a line as `with_lines` reads it: days are ISO texts


@dataclass(frozen=True)
class MonthLoad:
    """Load and capacity of a post (or of several together) in one month, in percents of full time."""

    month: date
    load: int
    capacity: int

    @property
    def is_over(self) -> bool:
        return self.load > self.capacity

    @property
    def state_badge(self) -> str:
        """Return the badge; empty below the threshold."""
        if self.is_over:
            return "late"
        return "warn" if self.load * 100 > self.capacity * MUCH else ""

    @property
    def short(self) -> str:
        """Return a label such as « décembre 2026, 120 % / 100 % »."""
        return f"{date_format(self.month, 'F Y')}, {self.load} % / {self.capacity} %"

    @property
    def sentence(self) -> str:
        """Return « décembre 2026 : 120 % de charge pour 100 % de temps de travail »."""
        text = gettext("%(month)s : %(load)s %% de charge pour %(capacity)s %% de temps de travail")
        return text % {"month": date_format(self.month, "F Y"), "load": self.load, "capacity": self.capacity}


def months_from(first: date, count: int = MONTHS) -> list[date]:
    return [months_later(first, number) for number in range(count)]


def months_to_come(today: date) -> list[date]:
    """Return the first days of twelve months, from this month on."""
    return months_from(today.replace(day=1))


@lru_cache(maxsize=1200)  # a century of months; the lines of all posts use the same twelve
def bounds(month: date) -> tuple[str, str]:
    """Return the first day of the month and that of the next one, as ISO text like the days of lines."""
    return month.isoformat(), months_later(month, 1).isoformat()


def percents_in(lines: Iterable[LineValues], month: date) -> list[int]:
    """Return the percents of the lines that are valid in that month."""
    first, following = bounds(month)
    return [line["percent"] for line in lines if line["starts_on"] < following and line["ends_on"] >= first]


def capacity_in(post: Any, month: date) -> int:
    """Return the percent of a period, else the usual one; 0 before the arrival and after the departure."""
    if post.starts_on.isoformat() >= bounds(month)[1] or (post.ends_on and post.ends_on < month):
        return 0
    return next(iter(percents_in(post.periods, month)), post.capacity)


def loads_of(post: Any, months: Iterable[date]) -> Iterator[MonthLoad]:
    """Yield the load of each month, for a post read with `with_lines`."""
    for month in months:
        yield MonthLoad(month, sum(percents_in(post.allocated, month)), capacity_in(post, month))


def first_overload(post: Any, months: Iterable[date]) -> MonthLoad | None:
    """Return the first of these months in which the post has more work than time."""
    return next((one for one in loads_of(post, months) if one.is_over), None)


def team_load(rows: Sequence[Sequence[MonthLoad]]) -> list[MonthLoad]:
    """Return the sums over all posts, which hide who is over."""
    return [
        MonthLoad(column[0].month, sum(one.load for one in column), sum(one.capacity for one in column))
        for column in zip(*rows, strict=True)
    ]


def loads_by_subject(posts: Iterable[Any], months: Sequence[date]) -> list[tuple[str, float, list[int]]]:
    """Return subject, months of one full time in all, percents of each month; the heaviest first."""
    by_subject: dict[str, list[LineValues]] = defaultdict(list)
    for line in (line for post in posts for line in post.allocated):
        by_subject[line["subject"]].append(line)
    percents = (
        (subject, [sum(percents_in(lines, month)) for month in months]) for subject, lines in by_subject.items()
    )
    worked = ((subject, sum(cells) / FULL_TIME, cells) for subject, cells in percents if any(cells))
    return sorted(worked, key=lambda one: (-one[1], alphabetical(one[0])))
