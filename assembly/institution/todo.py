"""« À faire »: what waits for a person, in one list a room, fed by each app's `portal.py`.

It lives here, below the platform apps, so that any app may contribute; `assembly.portal` only shows it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from assembly.institution.models import Term


@dataclass(frozen=True)
class Act:
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
    acts: tuple[Act, ...] = ()


Provider = Callable[[Any, Term], Iterable[ToDo]]
_providers: dict[str, list[Provider]] = {}


def register(room: str, provider: Provider) -> None:
    """Add lines to a room (`desk`, `member`, `directorate`): provider(user, term) yields what waits for that user."""
    providers = _providers.setdefault(room, [])
    if provider not in providers:
        providers.append(provider)


def todo_for(user: Any, room: str, term: Term) -> list[ToDo]:
    """Everything that waits for `user`, the most pressing first; lines without a date come last."""
    lines = [line for provider in _providers.get(room, []) for line in provider(user, term)]
    return sorted(lines, key=lambda line: (line.due_on is None, line.due_on or date.max, str(line.title)))
