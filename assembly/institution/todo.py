"""« À faire »: what waits for a person, in one list a room, fed by each app's `portal.py`.

It lives here, below the platform apps, so that any app may contribute; `assembly.portal` only shows it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from assembly.fragments.cache import by_value, until_changed
from assembly.institution.models import Term
from assembly.institution.rules import reader_values


@dataclass(frozen=True)
class LineButton:
    """A button of a line: a link to the page where the thing is done (a GET never writes)."""

    label: Any
    url: str


@dataclass(frozen=True)
class ToDo:
    """One line: what to do (a question or a verb), what it is about, until when, the way in."""

    title: Any
    url: str
    detail: Any = ""
    due_on: date | None = None
    acts: tuple[LineButton, ...] = ()


@dataclass(frozen=True)
class PendingRows:
    """Rows that wait, not read yet: all those of an app are read in one statement, for most lists hold nothing.

    `line` words one row, a dict of `fields` (names of columns, or expressions); days and moments come as ISO text.
    """

    rows: QuerySet[Any]
    fields: dict[str, Any]
    line: Callable[[dict[str, Any]], ToDo]


def day_of(text: str | None) -> date | None:
    """The day that a row of `Waiting` tells, or the local day of the moment that it tells."""
    if not text:
        return None
    return timezone.localdate(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)


Provider = Callable[[Any, Term], Iterable[ToDo | PendingRows]]
_providers: dict[str, list[Provider]] = {}


def register(room: str, provider: Provider) -> None:
    """Add lines to a room (`desk`, `member`, `directorate`): provider(user, term) yields what waits for that user.

    It yields lines, or lists that are read with those of the other apps.
    """
    providers = _providers.setdefault(room, [])
    if provider not in providers:
        providers.append(provider)


def todo_for(user: Any, room: str, term: Term) -> list[ToDo]:
    """Everything that waits for `user`, the most pressing first; lines without a date come last."""
    reader = (room, by_value(term), reader_values(user))

    def kept_lines(provider: Provider) -> list[ToDo]:
        named = (provider.__module__, provider.__qualname__)
        return until_changed(("todo", *named, *reader), lambda: lines_of(provider(user, term)))

    providers = _providers.get(room, [])
    lines = until_changed(("todo", *reader), lambda: [line for each in providers for line in kept_lines(each)])
    return sorted(lines, key=lambda line: (line.due_on is None, line.due_on or date.max, str(line.title)))


def lines_of(found: Iterable[ToDo | PendingRows]) -> list[ToDo]:
    """The lines of one provider, its lists read in one statement."""
    both = list(found)
    lines = [each for each in both if isinstance(each, ToDo)]
    return [*lines, *read_together([each for each in both if isinstance(each, PendingRows)])]


def read_together(lists: Sequence[PendingRows]) -> Iterable[ToDo]:
    """The lines of several lists, list after list, in one statement."""
    asked = [
        each.rows.order_by()
        .annotate(waiting_list=Value(place), waiting_key=F("pk"), waiting_row=JSONObject(**each.fields))
        .values_list("waiting_list", "waiting_key", "waiting_row")
        for place, each in enumerate(lists)
    ]
    if not asked:
        return
    rows = asked[0].union(*asked[1:], all=True).order_by("waiting_list", "waiting_key")
    for place, _key, row in rows:
        yield lists[place].line(row)
