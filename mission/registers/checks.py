"""What the database holds true of a row, each said by its name; and the indexes of a list."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from assembly.ui.alphabetical import alphabetical_index


def row_indexes(noun: str) -> list[models.Index]:
    """Those of the list by name and of the days that wait."""
    return [
        models.Index("assembly", alphabetical_index("name"), "id", name=f"{noun}_by_name"),
        models.Index(fields=["assembly", "due_on"], name=f"{noun}_by_day"),
    ]


def check(name: str, condition: Q, words: Any = None, at: str | None = None) -> models.CheckConstraint:
    """What the database holds true, the sentence of whoever breaks it, and the field that mends it."""
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_message=words, violation_error_code=at
    )


def unique(name: str, *fields: str, words: Any = None, at: str | None = None, **more: Any) -> models.UniqueConstraint:
    """One row of these values; `condition`: among those of it."""
    return models.UniqueConstraint(
        name=name, fields=fields, violation_error_message=words, violation_error_code=at, **more
    )


def no_overlap(name: str, one: str, span: Any, words: Any, at: str | None = None, **more: Any) -> ExclusionConstraint:
    """No two rows of the same `one` at once; `span`: from when to when a row is, `condition`: among those of it."""
    return ExclusionConstraint(
        name=name,
        expressions=[(one, RangeOperators.EQUAL), (span, RangeOperators.OVERLAPS)],
        violation_error_message=words,
        violation_error_code=at,
        **more,
    )


def in_states(states: Any) -> dict[str, Any]:
    return {"state__in": states} if isinstance(states, list) else {"state": states}


def filled_in(name: str, states: Any, column: str, words: Any = None, at: str | None = None) -> models.CheckConstraint:
    """A row in this state, or in one of a list, has that column."""
    return check(name, ~Q(**in_states(states)) | Q(**{f"{column}__isnull": False}), words, at)


def filled_only_in(
    name: str, states: Any, column: str, empty: str | None = None, words: Any = None, at: Any = None, **more: Any
) -> models.CheckConstraint:
    """A row in this state, or in one of a list, has that column (as `more` says), and no other row has."""
    there, full = in_states(states), {f"{column}__isnull": False, **more}
    has = Q(**there) & ~Q(**{column: empty}) if empty is not None else Q(**there, **full)
    return check(name, has | (~Q(**there) & Q(**{column: empty})), words, at)


def row_constraints(noun: str, states: type[models.TextChoices]) -> list[models.BaseConstraint]:
    """Constraints of every register: its states, one row a reference. `noun` begins their names."""
    return [
        check(f"{noun}_state_known", Q(state__in=states.values)),
        unique(f"{noun}_reference_once", "assembly", "reference"),
    ]
