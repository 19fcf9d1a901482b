"""Draws in public: their list, the page of one, its files."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assembly.documents.responses import bytes_response
from assembly.speed.page_cache import public_page
from draws.draws.models import require_row
from draws.draws.queries.announced import public_draws
from draws.draws.queries.draw import (
    FEATURE_LABELS,
    instance_of,
    names_of,
    outcome_of,
    portfolio_of,
    record_of,
    revealed_cantons,
    value_label,
)
from draws.draws.queries.records import PUBLIC, certificate_in_tickets, panel_composition, sums
from draws.draws.views.draw import file_of
from draws.models import Draw, DrawState


def announced_draw(reference: str) -> Draw:
    return get_object_or_404(Draw.objects.public().with_dossier(), reference=reference)


@login_not_required
@require_safe
@public_page
def public_draw_list(request: HttpRequest) -> HttpResponse:
    """List the draws that anybody can compute again, the latest first: one a term, and those within the assembly."""
    rows = public_draws().filter(pk__in=Draw.objects.of_main_assembly()).order_by("-takes_place_at", "-pk")
    return render(request, "draws/draws/public_list.html", {"draws": rows})


@login_not_required
@require_safe
@public_page
def public_draw(request: HttpRequest, reference: str) -> HttpResponse:
    draw = announced_draw(reference)
    portfolio = portfolio_of(draw)
    if portfolio is None or draw.pool is None:
        raise Http404
    outcome = outcome_of(draw) if draw.drawn_at else None
    is_revealed = draw.state == DrawState.REVEALED
    context = {
        "draw": draw,
        "pool": draw.pool,
        "files": sums(draw),
        "certificate": certificate_in_tickets(bytes(portfolio.certificate or b"")),
        "exactness": portfolio.findings.get("sentence", ""),
        "quotas": panel_composition(draw, outcome) if outcome else bounds(draw),
        "outcome": outcome,
        "cantons": revealed_cantons(draw, outcome) if outcome and is_revealed else [],
        "record": record_of(draw) if is_revealed else None,
    }
    return render(request, "draws/draws/public.html", context)


def bounds(draw: Draw) -> list[dict[str, object]]:
    """Return the quotas with their labels, before the draw."""
    names = names_of(draw.term)
    return [
        {
            "feature": FEATURE_LABELS.get(line.feature, line.feature),
            "words": value_label(line.feature, line.value, names),
            "minimum": line.minimum,
            "maximum": line.maximum,
        }
        for line in instance_of(require_row(draw.pool)).quotas
    ]


@login_not_required
@require_safe
@public_page
def public_file(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Return the file with the published hash; `resultat.json` only after the draw."""
    content, kind = file_of(announced_draw(reference), name, PUBLIC)
    return bytes_response(request, content, name=name, media_type=kind)
