"""What only the database could refuse (a sum kept in another row, two savers at once), said in the words of the model.

A form validates the constraints of its own columns; those that read others are met at the save. Without this they
would be an error of the server.
"""

from collections.abc import Callable
from functools import wraps

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import CheckConstraint
from psycopg.errors import CheckViolation, ExclusionViolation, UniqueViolation

BROKEN = (CheckViolation, ExclusionViolation, UniqueViolation)


def checks_in_words[**P, R](act: Callable[P, R]) -> Callable[P, R]:
    """An action whose broken constraint is a ValidationError (422) with its `violation_error_message`, and with
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
    """None for another kind of refusal, and for a constraint without words of its own that is no check."""
    if not isinstance(refused.__cause__, BROKEN):
        return None
    name = refused.__cause__.diag.constraint_name
    known = (one for model in apps.get_models() for one in model._meta.constraints if one.name == name)  # noqa: SLF001 -- documented API
    for one in known:
        if isinstance(one, CheckConstraint) or one.violation_error_message != one.default_violation_error_message:
            return ValidationError(one.get_violation_error_message(), code=one.violation_error_code)
    return None
