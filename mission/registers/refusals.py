"""What only the database could refuse (a sum kept in another row, two savers at once), said in the words of the check.

A form validates the checks of its own columns; those that read others are met at the save. Without this they would be
an error of the server.
"""

from collections.abc import Callable
from functools import wraps

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from psycopg.errors import CheckViolation


def checks_in_words[**P, R](act: Callable[P, R]) -> Callable[P, R]:
    """An action whose broken CheckConstraint is a ValidationError (422) with its `violation_error_message`, and with
    its `violation_error_code`: the field of the form that mends it. Stands outside the transaction of the action."""

    @wraps(act)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return act(*args, **kwargs)
        except IntegrityError as refused:
            words = sentence_of_check(refused)
            if words is None:
                raise
            raise words from refused

    return tried


def sentence_of_check(refused: IntegrityError) -> ValidationError | None:
    """None for another kind of refusal, and for a check that no model declares."""
    if not isinstance(refused.__cause__, CheckViolation):
        return None
    name = refused.__cause__.diag.constraint_name
    checks = (check for model in apps.get_models() for check in model._meta.constraints if check.name == name)  # noqa: SLF001 -- documented API
    for check in checks:
        return ValidationError(check.get_violation_error_message(), code=check.violation_error_code)
    return None
