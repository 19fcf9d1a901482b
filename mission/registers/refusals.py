"""What only the database could refuse (a sum kept in another row, two savers at once), said in the words of the model.

A form judges the constraints of its own columns and of what its row has already (`forms.OfAssembly`); the others are
met at the save. Without this they would be an error of the server.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from psycopg.errors import CheckViolation, ExclusionViolation, UniqueViolation


def checks_in_words[**P, R](act: Callable[P, R]) -> Callable[P, R]:
    """An action in one transaction, whose broken constraint is a ValidationError (422) with its
    `violation_error_message` and its `violation_error_code`: the field of the form that mends it."""

    @wraps(act)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except IntegrityError as refused:
            if words := sentence_of(refused.__cause__):
                raise words from refused
            raise

    return tried


def sentence_of(broken: Any) -> ValidationError | None:
    """None for another kind of refusal, and for `unique` without words of its own: the page « taken » (409)."""
    if not isinstance(broken, CheckViolation | ExclusionViolation | UniqueViolation):
        return None
    for one in (one for model in apps.get_models() for one in model._meta.constraints):  # noqa: SLF001 -- documented API
        named = one.name == broken.diag.constraint_name
        if named and one.violation_error_message != one.default_violation_error_message:
            return ValidationError(one.get_violation_error_message(), code=one.violation_error_code)
    words = gettext("Ce changement ne va pas avec le reste : rien n’est enregistré.")
    return None if isinstance(broken, UniqueViolation) else ValidationError(words)
