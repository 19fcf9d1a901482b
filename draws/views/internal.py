"""Views of draws among the members: the start in the back office, and each member’s own line in the list."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.enums import Role
from assembly.institution.rules import can_enter_member_area, term_ids
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from draws.draws import rules
from draws.draws.actions import internal as actions
from draws.draws.models import require_row
from draws.forms.internal import InternalDrawForm
from draws.models import Draw, PoolEntry
from draws.queries.draw import lots_of, portfolio_of


@require_http_methods(["GET", "HEAD", "POST"])
def internal_begin(request: UserRequest) -> HttpResponse:
    """Begin an internal draw: its function, the number of places, its rule."""
    term = working_term(request, rules.can_prepare)
    return form_page(
        request,
        InternalDrawForm(posted(request), term=term),
        lambda data: actions.begin_internal_draw(term, by=request.user, **data),
        template="draws/draws/internal_begin.html",
        context={"term": term},
        success_message=_("Le tirage est commencé. Figez la liste pour l’annoncer."),
        to=lambda draw: reverse("draws:draw", args=[draw.pk]),
    )


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
