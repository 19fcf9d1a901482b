"""Who may ever take a step: predicates on (user, row) that combine with `|` and `&`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from assembly.text.french import Label


class Permission[Row: models.Model]:
    """A predicate on (user, row): who may take the step, whatever the state; `labels` name these people.

    `Workflow.available_steps` calls `test` for every step of a page: it reads the roles cached on the user object and
    columns of the row, and no database where it can.
    """

    def __init__(self, test: Callable[[Any, Row], bool], *labels: Label) -> None:
        self.test = test
        self.labels = labels

    def __call__(self, user: Any, row: Row) -> bool:
        return self.test(user, row)

    def __or__(self, other: Permission[Row]) -> Permission[Row]:
        labels = dict.fromkeys((*self.labels, *other.labels))
        return Permission(lambda user, row: self(user, row) or other(user, row), *labels)

    def __and__(self, other: Permission[Row]) -> Permission[Row]:
        """Combine two predicates that must both hold; the second, narrower one gives the label where it has one."""
        return Permission(lambda user, row: self(user, row) and other(user, row), *(other.labels or self.labels))


# For a step that follows from another fact (a ballot, a seal, the clock): no person takes it.
SYSTEM_ONLY: Permission[Any] = Permission(lambda user, row: False)
