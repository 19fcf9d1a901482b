"""Constraints that tie the columns of a row to its state; the name is given last: `filled_in(…)(name="…")`."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import models
from django.db.models import Q

type Rule = Callable[..., models.BaseConstraint]  # a constraint without its name


def check(condition: Q, message: Any = None, at: str | None = None) -> Rule:
    """Return a check constraint, with its error message and the field where it can be corrected."""
    return partial(
        models.CheckConstraint, condition=condition, violation_error_message=message, violation_error_code=at
    )


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
