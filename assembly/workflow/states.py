"""States of a model: each is declared once, with what pages, lists, rules and constraints need of it.

Where a row stands beyond its state is said in one place: pages, lists, mails and feeds show the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from django.db import models
from django.utils.text import capfirst

from assembly.text.french import Label
from assembly.web.templatetags.ui import STATES


@dataclass(frozen=True)
class State:
    """What a state is besides its value and its label.

    `badge`: its drawing and colour (`{% state %}`). `word`: what the badge says, where that is not the label.
    `sentence`: what its page says of it, where that is the same for every row. `path`: its position on the path of the
    dossier; `path_at`: the value of the state at whose position it is shown; a state with neither stands outside the
    path. `path_date`: the column with the day on which it was reached. `tags`: the groups of states that it belongs
    to.
    """

    badge: str
    word: Label = ""
    sentence: Label = ""
    path: Label = ""
    path_at: str = ""
    path_date: str = ""
    tags: frozenset[str] | set[str] = frozenset()

    def __post_init__(self) -> None:
        if self.badge not in STATES:
            raise ValueError(f"No badge {self.badge!r}: choose one of {', '.join(STATES)}.")


class States(models.TextChoices):
    """States of a model: `ASKED = "asked", State("todo", tags={"open"}), _("attendu")`."""

    state: State

    def __new__(cls, value: str, state: State | None = None) -> Self:
        if state is None:
            raise TypeError(f"The state {value!r} of {cls.__name__} has no State(…): give it a badge.")
        member = str.__new__(cls, value)
        member._value_ = value
        member.state = state
        return member

    @property
    def badge(self) -> str:
        return self.state.badge

    @property
    def word(self) -> str:
        """Return what the badge says, with a capital."""
        return str(self.state.word or capfirst(self.label))

    @classmethod
    def covers[Part](
        cls, parts: Mapping[Self, Part], default: Callable[[Self], Part] | None = None
    ) -> Mapping[Self, Part]:
        """Return what a page says of each state; `default(state)` for one that has a `sentence` of its own.

        Raises ValueError if a state is missing.
        """
        derived = {state: default(state) for state in cls if default and state.state.sentence}
        if missing := [state.value for state in cls if state not in derived | {**parts}]:
            raise ValueError(f"Nothing for the states {missing} of {cls.__name__}: give each its sentence.")
        return derived | {**parts}

    @classmethod
    @cache
    def tagged(cls, *tags: str) -> list[Self]:
        """Return the states with one of these tags, in their order. Raises ValueError for a tag that no state has."""
        if unknown := set(tags) - {tag for member in cls for tag in member.state.tags}:
            raise ValueError(f"No state of {cls.__name__} is tagged {sorted(unknown)}.")
        return [member for member in cls if member.state.tags & set(tags)]


@dataclass(frozen=True)
class RowStanding:
    """The badge of a row (`state_badge` and `word`, for `{% state %}`) and a sentence with its day, if there is one.

    A state alone is not always the truth: a day went by, a seal was applied, a part was answered. What a row shows
    beyond its state is decided by the one function that returns this.
    """

    state_badge: str
    word: Label
    sentence: str = ""

    def __str__(self) -> str:
        return self.sentence or str(self.word)
