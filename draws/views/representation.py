"""Whom the assembly resembles: charts with their figures, and the same as a file; the public reads no small cell."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.institution.queries import active_term, main_assembly
from assembly.ui.lists import Column, List
from assembly.ui.page_cache import public_page
from assembly.ui.words import percent_words
from draws.queries.representation import FEATURES, Cell, Group, Representation, representation
from draws.rules.calls import can_see_candidates

# What each group is compared with: the first one of these that is told by the feature.
BESIDE = {"volunteers": ["population"], "panel": ["population", "volunteers"]}
BESIDE_MEASURES = ["panel", "volunteers"]
FILE = List(
    gettext_lazy("représentativité"),
    [
        Column(gettext_lazy("Critère"), lambda row: FEATURES[row["feature"]]),
        Column(gettext_lazy("Valeur"), lambda row: row["label"]),
        Column(gettext_lazy("Groupe"), lambda row: row["group"].title),
        Column(gettext_lazy("Nombre"), lambda row: number_words(row["cell"])),
        Column(gettext_lazy("Part"), lambda row: "" if row["cell"].share is None else round(row["cell"].share, 4)),
    ],
)


@require_safe
def representation_page(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_candidates)
    return render(request, "draws/representation.html", page_context(term, public=False))


@require_safe
def representation_file(request: UserRequest) -> HttpResponse:
    return FILE.csv(file_rows(representation(working_term(request, can_see_candidates), public=False)))


@login_not_required
@require_safe
@public_page
def public_representation(request: HttpRequest) -> HttpResponse:
    return render(request, "draws/public_representation.html", page_context(public_term(), public=True))


@login_not_required
@require_safe
@public_page
def public_representation_file(request: HttpRequest) -> HttpResponse:
    return FILE.csv(file_rows(representation(public_term(), public=True)))


def public_term() -> Term:
    """The one that the public home tells of."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if term is None:
        raise Http404
    return term


def page_context(term: Term, *, public: bool) -> dict[str, Any]:
    found = representation(term, public=public)
    counted = [group for group in found.groups if group.total]
    sections = [section(feature, found) for feature in found.values] if counted else []
    unknown = next((group.cells["occupation"].get("") for group in counted if group.key == "panel"), None)
    return {
        "term": term,
        "groups": counted,
        "sections": [each for each in sections if each["charts"] or each["hidden"]],
        "unknown": unknown.number if unknown else 0,
        "has_population": len(counted) < len(found.groups),
    }


def section(feature: str, found: Representation) -> dict[str, Any]:
    """One chart a group. A group whose cells are all hidden is named instead."""
    told = {group.key: group for group in found.groups if feature in group.cells}
    counted = [group for group in told.values() if group.total]
    hidden = [group for group in counted if all(cell.is_hidden for cell in group.cells[feature].values())]
    charts = [
        chart(feature, group, beside(group, told, hidden), found.values[feature])
        for group in counted
        if group not in hidden
    ]
    return {"feature": feature, "title": FEATURES[feature], "charts": charts, "hidden": [row.title for row in hidden]}


def beside(group: Group, told: dict[str, Group], hidden: list[Group]) -> Group | None:
    keys = BESIDE.get(group.key, BESIDE_MEASURES)
    return next((told[key] for key in keys if key in told and told[key] not in hidden), None)


def chart(feature: str, group: Group, other: Group | None, values: dict[str, str]) -> dict[str, Any]:
    """Bars of the group, marks of the other one, and both as a table."""
    bars, table = [], []
    for value, label in values.items():
        cell = group.cells[feature][value]
        bar = {"label": shortened(label), "value": cell.share or 0, "text": share_words(cell)}
        cells: list[Any] = [capfirst(label), number_words(cell), bar["text"]]
        if other:
            mark = other.cells[feature].get(value, Cell(None, None))
            cells.append(share_words(mark))
            if mark.share is not None:
                bar |= {"reference": mark.share, "reference_text": share_words(mark)}
        bars.append(bar)
        table.append(cells)
    head = [FEATURES[feature], group.counted, _("Part")] + ([other.title] if other else [])
    note = _("Barre : %(bar)s. Trait : %(mark)s.") % {"bar": group.title, "mark": other.title} if other else ""
    return {"title": f"{group.title} – {FEATURES[feature]}", "bars": bars, "head": head, "table": table, "note": note}


def file_rows(found: Representation) -> list[dict[str, Any]]:
    return [
        {"feature": feature, "label": capfirst(label), "group": group, "cell": group.cells[feature][value]}
        for feature, labels in found.values.items()
        for group in found.groups
        if feature in group.cells
        for value, label in labels.items()
        if value in group.cells[feature]
    ]


def number_words(cell: Cell) -> Any:
    if cell.is_hidden:
        return _("masqué")
    return "" if cell.number is None else cell.number


def share_words(cell: Cell) -> str:
    return _("masqué") if cell.is_hidden else percent_words(cell.share, decimals=1)


def shortened(label: str) -> str:
    """The first words of a long name: the table beside has it whole."""
    return capfirst(label.partition(",")[0].partition(" ou ")[0])
