"""Constraints of rows, each named after its rule, and indexes of a list."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from assembly.text.alphabetical import alphabetical_index

type Rule = Callable[..., models.BaseConstraint]  # a constraint without its name


def row_indexes(noun: str) -> list[models.Index]:
    """Return the indexes of the list by name and of the due days."""
    return [
        models.Index("assembly", alphabetical_index("name"), "id", name=f"{noun}_by_name"),
        models.Index(fields=["assembly", "due_on"], name=f"{noun}_by_day"),
    ]


def rules_of(noun: str, **rules: Rule) -> list[models.BaseConstraint]:
    """Return the constraints of a model, each named `<noun>_<rule>`."""
    return [rule(name=f"{noun}_{name}") for name, rule in rules.items()]


def row_constraints(noun: str, states: type[models.TextChoices], **rules: Rule) -> list[models.BaseConstraint]:
    """Return the constraints of every register (its states, one row a reference) and those of this one."""
    known, once = check(Q(state__in=states.values)), unique(["assembly", "reference"])
    return rules_of(noun, state_known=known, reference_once=once, **rules)


def check(condition: Q, message: Any = None, at: str | None = None) -> Rule:
    """Return a check constraint, with its error message and the field where it can be corrected."""
    return partial(
        models.CheckConstraint, condition=condition, violation_error_message=message, violation_error_code=at
    )


def unique(fields: Sequence[str], message: Any = None, at: str | None = None, **more: Any) -> Rule:
    """Return a constraint of one row with these values; `condition`: the rows that it concerns."""
    violation = {"violation_error_message": message, "violation_error_code": at}
    return partial(models.UniqueConstraint, fields=fields, **violation, **more)


def no_overlap(one: str, span: Any, message: Any, at: str | None = None, **more: Any) -> Rule:
    """Return a constraint of one row of the same `one` at a time. `span`: its range; `condition`: rows concerned."""
    apart = [(one, RangeOperators.EQUAL), (span, RangeOperators.OVERLAPS)]
    violation = {"violation_error_message": message, "violation_error_code": at}
    return partial(ExclusionConstraint, expressions=apart, **violation, **more)


def in_states(states: Any) -> dict[str, Any]:
    return {"state__in": states} if isinstance(states, list) else {"state": states}


def filled_in(states: Any, column: str, message: Any = None, at: str | None = None) -> Rule:
    """Return the constraint that a row in this state, or in one of a list, has that column."""
    return check(~Q(**in_states(states)) | Q(**{f"{column}__isnull": False}), message, at)


def filled_only_in(
    states: Any, column: str, empty: str | None = None, message: Any = None, at: Any = None, **more: Any
) -> Rule:
    """Return the constraint that rows in this state, or a list, have that column (as in `more`), and no others."""
    there, full = in_states(states), {f"{column}__isnull": False, **more}
    has = Q(**there) & ~Q(**{column: empty}) if empty is not None else Q(**there, **full)
    return check(has | (~Q(**there) & Q(**{column: empty})), message, at)
