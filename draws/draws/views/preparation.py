"""Quotas and computations of a draw, in the back office."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.responses import bytes_response
from assembly.files.spreadsheets import csv_response
from assembly.identity.http import UserRequest
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from draws.draws.actions import computation as actions, preparation
from draws.draws.forms import QuotaFileForm, QuotaForm, RemedyForm
from draws.draws.queries.draw import (
    COLUMNS,
    FEATURE_LABELS,
    engine_quotas,
    latest_portfolio,
    latest_trial,
    names_of,
    quota_lines,
    running_computation,
    sheet_rows,
    supplies_of,
    value_label,
)
from draws.draws.queries.records import CSV, certificate_in_tickets
from draws.draws.views.frame import desk_draw, draw_context
from draws.draws.workflow import guards
from draws.draws.workflow.draw import DRAW
from draws.models import Candidate, Computation, Draw, QuotaVersion
from members.sortition.instance import QuotaLine
from members.sortition.reading import read_quotas
from members.sortition.solver import Phase


def prepared_draw(request: UserRequest, pk: int) -> Draw:
    draw = desk_draw(request, pk)
    if not guards.can_prepare(request.user, draw.term_id):
        raise PermissionDenied
    return draw


@dataclass(frozen=True)
class QuotaBound:
    """Cell of the editor, with its field while it may be written."""

    label: str
    value: int
    box: BoundField | None


@dataclass(frozen=True)
class QuotaRow:
    """Line of the editor."""

    label: str
    line: QuotaLine
    people: int | None
    households: int | None
    least: BoundField | None
    most: BoundField | None

    @property
    def bounds(self) -> list[QuotaBound]:
        return [
            QuotaBound(_("au moins"), self.line.minimum, self.least),
            QuotaBound(_("au plus"), self.line.maximum, self.most),
        ]

    @property
    def state_badge(self) -> str:
        """Return « late » (red) where the volunteers are too few, « waiting » (ochre) where they barely suffice."""
        if self.households is None or self.line.minimum == 0:
            return ""
        if self.households < self.line.minimum:
            return "late"
        return "waiting" if self.households < 2 * self.line.minimum else ""


@dataclass(frozen=True)
class QuotaFeature:
    """Lines of one feature with their sums: the number of seats must lie between them."""

    label: str
    rows: list[QuotaRow]
    least: int
    most: int


def features_of(
    draw: Draw, lines: Iterable[QuotaLine], form: QuotaForm | None
) -> tuple[list[QuotaFeature], list[str]]:
    """Return the table, and the errors of today’s volunteers where they cannot be counted."""
    supplies, problems = supplies_of(draw)
    names = names_of(draw.term)
    rows_by_feature: dict[str, list[QuotaRow]] = {}
    for number, line in enumerate(lines):
        people, households = supplies.get(line.cell, (None, None))
        row = QuotaRow(
            value_label(line.feature, line.value, names),
            line,
            people,
            households,
            form[f"min-{number}"] if form else None,
            form[f"max-{number}"] if form else None,
        )
        rows_by_feature.setdefault(line.feature, []).append(row)
    features = [
        QuotaFeature(
            FEATURE_LABELS.get(name, name),
            rows,
            sum(row.line.minimum for row in rows),
            sum(row.line.maximum for row in rows),
        )
        for name, rows in rows_by_feature.items()
    ]
    return features, problems


@require_http_methods(["GET", "HEAD", "POST"])
def quotas(request: UserRequest, pk: int) -> HttpResponse:
    """Show the table of quotas: editable while the draw is prepared, read-only afterwards."""
    draw = prepared_draw(request, pk)
    if request.method == "POST":
        DRAW.check(request.user, draw, "set_quotas")
    may_write = DRAW.can_take(request.user, draw, "set_quotas")
    lines = quota_lines(draw)
    form = QuotaForm(posted(request), draw=draw, lines=lines)

    def context() -> dict[str, Any]:
        features, problems = features_of(draw, lines, form if may_write else None)
        return draw_context(
            request,
            draw,
            "quotas",
            features=features,
            problems=problems,
            may_write=may_write,
            trial=latest_trial(draw),
            versions=list(draw.quota_versions.select_related("created_by__person")),
        )

    return form_page(
        request,
        form,
        lambda data: preparation.set_quotas(
            draw,
            preparation.quota_bytes(form.quota_lines()),
            seats=data["seats"],
            decision=data["decision"],
            seen=data["seen"],
            by=request.user,
        ),
        template="draws/draws/quotas.html",
        context=context,
        success_message=_("La nouvelle version des quotas est gardée. Faites un essai à blanc."),
        to=reverse("draws:quotas", args=[draw.pk]),
    )


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def quotas_file(request: UserRequest, pk: int) -> HttpResponse:
    """Replace the whole table by a file: other features, other bounds."""
    draw = prepared_draw(request, pk)
    DRAW.check(request.user, draw, "set_quotas")
    form = (
        QuotaFileForm(request.POST, request.FILES)
        if request.method == "POST"
        else QuotaFileForm(
            initial={
                "seats": draw.quotas.seats if draw.quotas else None,
                "seen": draw.quotas.number if draw.quotas else 0,
            }
        )
    )
    return form_page(
        request,
        form,
        lambda data: preparation.set_quotas(
            draw,
            engine_quotas(data["file"].content, names_of(draw.term)),
            seats=data["seats"],
            decision=data["decision"],
            seen=data["seen"],
            by=request.user,
        ),
        template="draws/draws/quotas_file.html",
        context=lambda: draw_context(request, draw, "quotas"),
        field="file",
        success_message=_("La nouvelle version des quotas est gardée. Faites un essai à blanc."),
        to=reverse("draws:quotas", args=[draw.pk]),
    )


@require_safe
def quotas_version(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Return one version as a file: the bytes of its hash or, with `forme=tableur`, a sheet with French labels."""
    draw = desk_draw(request, pk)
    version = get_object_or_404(QuotaVersion, draw=draw, number=number)
    if request.GET.get("forme") == "tableur":
        lines = sheet_rows(read_quotas(bytes(version.content)), names_of(draw.term))
        return csv_response(f"quotas {draw.reference} v{number}", [str(title) for title in COLUMNS], lines)
    name = f"quotas-{draw.reference}-v{number}.csv"
    return bytes_response(request, bytes(version.content), name=name, media_type=CSV)


@require_http_methods(["GET", "HEAD", "POST"])
def quotas_remedy(request: UserRequest, pk: int, number: int) -> HttpResponse:
    """Show what a remedy of the trial would change, and the form for the decision of a person."""
    draw = prepared_draw(request, pk)
    DRAW.check(request.user, draw, "set_quotas")
    trial = latest_trial(draw)
    remedies = trial.findings.get("remedies", []) if trial else []
    if number >= len(remedies):
        raise Http404
    remedy = remedies[number]
    names = names_of(draw.term)
    current = {line.cell: line for line in quota_lines(draw)}
    changes = [
        (value_label(feature, value, names), current.get((feature, value)), low, high)
        for feature, value, low, high in remedy["changes"]
    ]
    form = RemedyForm(posted(request), initial={"seen": draw.quotas.number if draw.quotas else 0})
    return form_page(
        request,
        form,
        lambda data: preparation.apply_remedy(
            draw, remedy, decision=data["decision"], seen=data["seen"], by=request.user
        ),
        template="draws/draws/quotas_remedy.html",
        context=lambda: draw_context(request, draw, "quotas", remedy=remedy, changes=changes),
        success_message=_("La décision et la nouvelle version des quotas sont gardées. Refaites un essai à blanc."),
        to=reverse("draws:quotas", args=[draw.pk]),
    )


PEOPLE_SHOWN = 200


def computed_draw(request: UserRequest, pk: int) -> Draw:
    draw = desk_draw(request, pk)
    if not guards.can_prepare(request.user, draw.term_id):
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
