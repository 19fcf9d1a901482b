"""Who applies, beside the population: charts with their figures, and the same as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.models import Canton, Term
from assembly.ui.lists import Column, List
from assembly.ui.words import percent_words
from draws.queries.calls import call_of
from draws.queries.volunteers import FEATURES, FeatureCount, feature_title, volunteers
from draws.rules.calls import can_see_candidates
from members.panels import population_of

VOLUNTEERS = List(
    gettext_lazy("profil des candidatures"),
    [
        Column(gettext_lazy("Critère"), lambda row: feature_title(row.feature)),
        Column(gettext_lazy("Valeur"), "label"),
        Column(gettext_lazy("Candidatures"), "number"),
        Column(gettext_lazy("Part"), lambda row: round(row.share, 4)),
    ],
)


@require_safe
def call_volunteers(request: UserRequest) -> HttpResponse:
    """One chart a feature; the mark of an age is the population’s, where it is known."""
    term = working_term(request, can_see_candidates)
    call = call_of(term)
    found = volunteers(call) if call else []
    charts = [chart(feature, [row for row in found if row.feature == feature], term) for feature in FEATURES]
    total = sum(row.number for row in found if row.feature == "gender")
    return render(request, "draws/call_volunteers.html", {"term": term, "charts": charts, "total": total})


@require_safe
def call_volunteers_export(request: UserRequest) -> HttpResponse:
    call = call_of(working_term(request, can_see_candidates))
    return VOLUNTEERS.csv(volunteers(call) if call else [])


def chart(feature: str, rows: list[FeatureCount], term: Term) -> dict[str, Any]:
    codes = Canton.objects.filter(assembly=term.assembly_id).values_list("insee_code", flat=True)
    population = population_of(list(codes)) if feature == "age_band" else None
    bars, table = [], []
    for place, row in enumerate(rows):
        bar = {"label": shortened(row.label), "value": row.share, "text": percent_words(row.share, 1)}
        cells: list[Any] = [capfirst(row.label), row.number, bar["text"]]
        if population:
            known = percent_words(population[place], 1)
            bar |= {"reference": population[place], "reference_text": known}
            cells.append(known)
        bars.append(bar)
        table.append(cells)
    head = [feature_title(feature), _("Candidatures"), _("Part")] + ([_("Population")] if population else [])
    note = _("Trait : population de 15 ans et plus, INSEE 2021.") if population else ""
    return {"title": feature_title(feature), "bars": bars, "head": head, "table": table, "note": note}


def shortened(label: str) -> str:
    """The first words of a long name: the table beside has it whole."""
    return capfirst(label.partition(",")[0].partition(" ou ")[0])
