"""View of the ceremony in the back office: the digits, the lot, incidents, the record."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.documents.queries import register
from assembly.identity.http import UserRequest
from draws.draws.queries.records import panel_composition
from draws.draws.views.frame import desk_draw, is_second
from draws.enums import DrawState
from draws.queries.draw import RECORD_KIND, outcome_of, record_of
from draws.queries.internal import holders
from draws.views.draw_frame import draw_context


@require_safe
def ceremony(request: UserRequest, pk: int) -> HttpResponse:
    """Show the digits only once two people agree: the second reader must not copy the first."""
    draw = desk_draw(request, pk)
    outcome = outcome_of(draw) if draw.drawn_at else None
    asked = register.latest_rendition("draws.Draw", str(draw.pk), RECORD_KIND)
    context = draw_context(
        request,
        draw,
        "ceremony",
        outcome=outcome,
        holders=holders(draw) if draw.is_internal and draw.drawn_at and draw.state != DrawState.VOID else None,
        composition=panel_composition(draw, outcome) if outcome else [],
        is_second=is_second(draw),
        rounds=draw.readings.filter(place=2).count() - (1 if draw.state in DrawState.tagged("drawn") else 0),
        incidents=list(draw.incidents.select_related("by__person")),
        attendees=[line.strip() for line in draw.attendees.splitlines() if line.strip()],
        record=record_of(draw),
        sealing=asked if asked is not None and not asked.is_ready else None,
    )
    return render(request, "draws/draws/ceremony.html", context)
