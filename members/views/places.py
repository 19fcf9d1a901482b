"""The term that a page works in: the one of the switcher, if the reader may, else the first where they may."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from assembly.identity.http import UserRequest
from assembly.institution.context_processors import InstitutionContext
from assembly.institution.models import Term


def term_for(request: UserRequest, rule: Callable[[Any, Term], bool]) -> Term:
    """The term where `rule` lets the reader in; 403 when there is none."""
    house = InstitutionContext(request)
    chosen = [house.term] if house.term else []
    for term in [*chosen, *house.terms]:
        if rule(request.user, term):
            return term
    raise PermissionDenied
