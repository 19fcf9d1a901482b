"""Views of the computations of a draw: progress, result of a trial, certificate of the lots."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.identity.http import UserRequest
from draws.draws import rules
from draws.draws.actions import computation as actions
from draws.draws.queries.records import certificate_in_tickets
from draws.draws.views.frame import desk_draw
from draws.models import Candidate, Computation, Draw
from draws.queries.draw import latest_portfolio, latest_trial, running_computation
from draws.views.draw_frame import draw_context
from members.sortition.solver import Phase

PEOPLE_SHOWN = 200


def computed_draw(request: UserRequest, pk: int) -> Draw:
    draw = desk_draw(request, pk)
    if not rules.can_prepare(request.user, draw.term_id):
        raise PermissionDenied
    return draw


@require_safe
def computation(request: UserRequest, pk: int) -> HttpResponse:
    """Render the whole page, or the progress bar alone while a computation runs."""
    draw = computed_draw(request, pk)
    running = running_computation(draw)
    if request.headers.get("HX-Request") == "true" and running:
        context = {"draw": draw, "running": running, "phase": phase_label(running)}
        return render(request, "draws/draws/computation.html#progress", context)
    trial, portfolio = latest_trial(draw), latest_portfolio(draw)
    context = draw_context(
        request,
        draw,
        "computation",
        running=running,
        phase=phase_label(running) if running else "",
        trial=trial,
        portfolio=portfolio,
        forced=candidates_of_finding(draw, trial, "forced"),
        excluded=candidates_of_finding(draw, trial, "excluded"),
        certificate=certificate_of(portfolio),
        past=list(draw.computations.defer("lots", "certificate").select_related("asked_by__person")[:20]),
    )
    response = render(request, "draws/draws/computation.html", context)
    if request.headers.get("HX-Request") == "true":
        response.headers["HX-Refresh"] = "true"
    return response


def phase_label(running: Computation) -> str:
    label = actions.PHASES.get(Phase(running.phase)) if running.phase in set(Phase) else None
    return str(label) if label else _("En attente d’un ordinateur libre")


def candidates_of_finding(draw: Draw, trial: Computation | None, which: str) -> list[Candidate]:
    """Return those whom the quotas force into each panel (`forced`), or out of all (`excluded`).

    Whoever prepares the draw may read names.
    """
    references = trial.findings.get(which, []) if trial else []
    numbers = [int(reference.removeprefix("C-")) for reference in references]
    return list(draw.volunteer_call.candidates.filter(number__in=numbers).select_related("canton")[:PEOPLE_SHOWN])


def certificate_of(portfolio: Computation | None) -> dict[str, Any] | None:
    if portfolio is None or not portfolio.certificate:
        return None
    return certificate_in_tickets(bytes(portfolio.certificate))


@require_POST
def computation_stop(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Cancel a queued or running computation; a finished one stays."""
    draw = computed_draw(request, pk)
    rows = Computation.objects.filter(draw=draw).defer("lots", "certificate").select_related("draw__call")
    actions.cancel(get_object_or_404(rows, pk=number), by=request.user)
    return redirect("draws:computation", draw.pk)
