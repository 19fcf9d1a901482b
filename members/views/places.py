"""The term that a page works in: the one of the switcher, if the reader may, else the first where they may."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

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


def sent(request: UserRequest) -> QueryDict | None:
    """What the form sent, even when it is empty; None when the page is only read."""
    return request.POST if request.method == "POST" else None
