"""Permissions in a register, and error messages for what only the database can refuse.

A form validates the constraints of its own columns and of saved ones (`forms.AssemblyScopedForm`); the others (a sum
stored in another row, two saves at once) are checked at the save. Without `explain_violations` they would be an error
of the server.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext, gettext_lazy as _
from psycopg.errors import CheckViolation, ExclusionViolation, UniqueViolation

from assembly.institution.models import TEAM_ROLES, Role, Term
from assembly.institution.rules import has_role
from assembly.text.french import Label
from assembly.workflow import Permission


def holders(roles: Role | Iterable[Role], *labels: Label) -> Permission[Any]:
    """Return the permission of whoever has one of these roles in the assembly of the row: `by` of a step."""
    role_set = frozenset([roles] if isinstance(roles, Role) else roles)
    return Permission(lambda user, row: has_role(user, role_set, assembly=row.assembly_id), *(labels or ["équipe"]))


TEAM = holders(TEAM_ROLES)
LEAD = holders(Role.LEAD, _("responsable"))


def term_of_row(row: Any) -> Term:
    """Return the latest term of its assembly, from which forms take their choices."""
    term: Term = Term.objects.filter(assembly=row.assembly_id).select_related("assembly").order_by("-starts_on")[0]
    return term


def explain_violations[**P, R](act: Callable[P, R]) -> Callable[P, R]:
    """Decorate an action: one transaction, whose broken constraint becomes a ValidationError (422).

    It has the `violation_error_message`, and as code the `violation_error_code`: the field of the form to correct.
    """

    @wraps(act)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except IntegrityError as refused:
            if error := violation_error(refused.__cause__):
                raise error from refused
            raise

    return tried


def violation_error(broken: Any) -> ValidationError | None:
    """Return the error; None for another kind of refusal, and for `unique` without a message: page « taken » (409)."""
    if not isinstance(broken, CheckViolation | ExclusionViolation | UniqueViolation):
        return None
    for one in (one for model in apps.get_models() for one in model._meta.constraints):
        named = one.name == broken.diag.constraint_name
        if named and one.violation_error_message != one.default_violation_error_message:
            return ValidationError(one.get_violation_error_message(), code=one.violation_error_code)
    text = gettext("Ce changement ne va pas avec le reste : rien n’est enregistré.")
    return None if isinstance(broken, UniqueViolation) else ValidationError(text)
