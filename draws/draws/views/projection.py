"""The draw on a screen: the display of the ceremony for the team, the hemicycle seat by seat for anybody."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.speed.page_cache import public_page
from draws.draws.models import DrawState
from draws.draws.queries.draw import DrawnCanton, DrawOutcome, outcome_of, revealed_cantons
from draws.draws.queries.projection import projection_of, seat_count
from draws.draws.views.frame import desk_draw
from draws.draws.views.public import announced_draw
from draws.models import Draw

LONGEST_PLACE = 4  # digits


@require_safe
def draw_projection(request: UserRequest, pk: int) -> HttpResponse:
    """Show the room display, all in one page without further network access; names only once the draw is certified."""
    draw = desk_draw(request, pk)
    if draw.announced_at is None:
        raise Http404
    outcome = outcome_of(draw)
    cantons = revealed_cantons(draw, outcome) if outcome and draw.state in DrawState.tagged("certified") else []
    if outcome and cantons:
        return seats_page(request, draw, outcome, cantons, back=reverse("draws:ceremony", args=[draw.pk]))
    return render(request, "draws/draws/projection.html", {"draw": draw, "outcome": outcome})


@login_not_required
@require_safe
@public_page
def public_projection(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the names seat by seat once they are public, each step at an address of its own; 404 before."""
    draw = announced_draw(reference)
    outcome = outcome_of(draw) if draw.state == DrawState.REVEALED else None
    cantons = revealed_cantons(draw, outcome) if outcome else []
    if outcome is None or not cantons:
        raise Http404
    return seats_page(request, draw, outcome, cantons, back=reverse("draws:public", args=[draw.reference]))


def seats_page(
    request: HttpRequest, draw: Draw, outcome: DrawOutcome, cantons: Sequence[DrawnCanton], *, back: str
) -> HttpResponse:
    projection = projection_of(cantons, requested_place(request, seat_count(cantons)))
    context = {
        "draw": draw,
        "digits": f"{outcome.result.ticket:04}",
        "projection": projection,
        "last_canton": len(cantons),
        "back": back,
    }
    return render(request, "draws/draws/seats.html", context)


def requested_place(request: HttpRequest, total: int) -> int:
    """Return how many names are shown, 0 without the parameter; 404 for anything but the number of a seat."""
    text = request.GET.get("place")
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_PLACE and 1 <= int(text) <= total):
        raise Http404
    return int(text)
