"""The term and the assembly a desk page works in: those of the switcher, if the reader may; else the first allowed."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from assembly.identity.http import UserRequest
from assembly.institution.context_processors import InstitutionContext
from assembly.institution.models import Assembly, Term
from assembly.institution.rules import can_administer


def working_term(request: UserRequest, rule: Callable[[Any, Term], bool]) -> Term:
    """The term where `rule` lets the reader in; 403 when there is none."""
    house = InstitutionContext(request)
    chosen = [house.term] if house.term else []
    for term in [*chosen, *house.terms]:
        if rule(request.user, term):
            return term
    raise PermissionDenied


def led_assembly(request: UserRequest) -> Assembly:
    """The assembly whose house the reader runs (its lead); 403 when there is none."""
    term = working_term(request, lambda user, term: can_administer(user, term.assembly_id))
    return Assembly.objects.defer("logo_png").get(pk=term.assembly_id)
