"""Draws among the members: what each member reads of their own place."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.institution.models import Role
from assembly.institution.rules import can_enter_member_area, term_ids
from draws.draws.models import require_row
from draws.draws.queries.draw import lots_of, portfolio_of
from draws.models import Draw, PoolEntry


@dataclass(frozen=True)
class MyPlace:
    """Line of a member in one frozen list; `tickets` of 10,000."""

    draw: Draw
    pseudonym: str
    tickets: int


@require_safe
def my_places(request: UserRequest) -> HttpResponse:
    """Show pseudonym and chances of the reader in each internal draw that was announced, the last one first."""
    if not can_enter_member_area(request.user):
        raise PermissionDenied
    terms = term_ids(request.user, Role.MEMBER)
    rows = (
        PoolEntry.objects.filter(mandate__member__person=request.user.person, mandate__term__in=terms)
        .filter(pool__draw__announced_at__isnull=False)
        .select_related("pool__draw__within_term")
        .order_by("-pool__draw__announced_at")
    )
    places = [MyPlace(row.pool.draw, row.pseudonym, tickets_of(row.pool.draw, row.pseudonym)) for row in rows]
    return render(request, "draws/draws/my_places.html", {"places": places})


def tickets_of(draw: Draw, pseudonym: str) -> int:
    lots = lots_of(require_row(portfolio_of(draw)))
    return sum(lot.tickets for lot in lots if pseudonym in lot.members)
