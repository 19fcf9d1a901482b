"""What the database holds true of a row, each said by its name; and the indexes of a list."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from assembly.ui.alphabetical import alphabetical_index

type Rule = Callable[..., models.BaseConstraint]  # a constraint that waits for its name


def row_indexes(noun: str) -> list[models.Index]:
    """Those of the list by name and of the days that wait."""
    return [
        models.Index("assembly", alphabetical_index("name"), "id", name=f"{noun}_by_name"),
        models.Index(fields=["assembly", "due_on"], name=f"{noun}_by_day"),
    ]


def rules_of(noun: str, **rules: Rule) -> list[models.BaseConstraint]:
    """The constraints of a model, `<noun>_<rule>` each."""
    return [rule(name=f"{noun}_{name}") for name, rule in rules.items()]


def row_constraints(noun: str, states: type[models.TextChoices], **rules: Rule) -> list[models.BaseConstraint]:
    """Those of every register, its states and one row a reference, and its own."""
    known, once = check(Q(state__in=states.values)), unique(["assembly", "reference"])
    return rules_of(noun, state_known=known, reference_once=once, **rules)


def check(condition: Q, words: Any = None, at: str | None = None) -> Rule:
    """What the database holds true, the sentence of whoever breaks it, and the field that mends it."""
    return partial(models.CheckConstraint, condition=condition, violation_error_message=words, violation_error_code=at)


def unique(fields: Sequence[str], words: Any = None, at: str | None = None, **more: Any) -> Rule:
    """One row of these values; `condition`: among those of it."""
    said = {"violation_error_message": words, "violation_error_code": at}
    return partial(models.UniqueConstraint, fields=fields, **said, **more)


def no_overlap(one: str, span: Any, words: Any, at: str | None = None, **more: Any) -> Rule:
    """No two rows of the same `one` at once; `span`: from when to when a row is, `condition`: among those of it."""
    apart = [(one, RangeOperators.EQUAL), (span, RangeOperators.OVERLAPS)]
    said = {"violation_error_message": words, "violation_error_code": at}
    return partial(ExclusionConstraint, expressions=apart, **said, **more)


def in_states(states: Any) -> dict[str, Any]:
    return {"state__in": states} if isinstance(states, list) else {"state": states}


def filled_in(states: Any, column: str, words: Any = None, at: str | None = None) -> Rule:
    """A row in this state, or in one of a list, has that column."""
    return check(~Q(**in_states(states)) | Q(**{f"{column}__isnull": False}), words, at)


def filled_only_in(
    states: Any, column: str, empty: str | None = None, words: Any = None, at: Any = None, **more: Any
) -> Rule:
    """A row in this state, or in one of a list, has that column (as `more` says), and no other row has."""
    there, full = in_states(states), {f"{column}__isnull": False, **more}
    has = Q(**there) & ~Q(**{column: empty}) if empty is not None else Q(**there, **full)
    return check(has | (~Q(**there) & Q(**{column: empty})), words, at)
