"""Indicators of grants: applications decided, and the time until the decision."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.indicators.counting import DaysBetween, days_of
from assembly.indicators.enums import Facts, Theme, Unit
from assembly.indicators.registry import Breakdown, Cells, Indicator, RowLines, add_indicators, seen_in_assembly
from assembly.institution.models import Term
from assembly.web.lists import Column
from mission.grants.models import GrantApplication, GrantScheme


def grants_decided(term: Term, day: date) -> QuerySet[GrantApplication]:
    """Return the applications voted or refused in the term; a withdrawn one is not decided."""
    rows: QuerySet[GrantApplication] = GrantApplication.objects.filter(assembly=term.assembly_id)
    return rows.filter(decided_on__range=days_of(term, day))


def scheme_cells(term: Term) -> Cells:
    rows = GrantScheme.objects.filter(assembly=term.assembly_id).order_by("-closes_on", "name__alphabetical")
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


BY_SCHEME = Breakdown("dispositif", _("dispositif"), lambda term, day: "scheme_id", scheme_cells, facts=Facts.DATED)
APPLICATIONS = RowLines(
    [
        Column(_("Association"), "name", key="association", order=["name__alphabetical"]),
        Column(_("Dispositif"), "scheme.name", key="dispositif"),
        Column(_("Reçue le"), "received_on", key="recue", order=["received_on"]),
        Column(_("Décidée le"), "decided_on", key="decidee", order=["decided_on"]),
    ],
    lambda row: reverse("mission:grants-row", args=[row.pk]),
    seen_in_assembly(),
    related=("scheme",),
)
SOURCE = _("Demandes de subvention")
UNDECIDED = _("Aucune demande n’est encore décidée.")

add_indicators(
    Indicator(
        "subventions-instruites",
        _("Subventions instruites"),
        _("Demandes de subvention votées ou refusées depuis le début de la mandature."),
        _("nombre de demandes décidées"),
        Theme.SUPPORT,
        Unit.NUMBER,
        SOURCE,
        UNDECIDED,
        facts=Facts.DATED,
        rows=grants_decided,
        lines=APPLICATIONS,
        breakdowns=(BY_SCHEME,),
        order=20,
    ),
    Indicator(
        "delai-subventions",
        _("Délai d’instruction d’une subvention"),
        _("La moitié des demandes sont décidées en moins de jours que ce nombre."),
        _("médiane (jour de la décision − jour de la réception)"),
        Theme.SUPPORT,
        Unit.DAYS,
        SOURCE,
        UNDECIDED,
        facts=Facts.DATED,
        rows=grants_decided,
        lines=APPLICATIONS,
        part=lambda day: DaysBetween("received_on", "decided_on"),
        is_median=True,
        breakdowns=(BY_SCHEME,),
        order=30,
    ),
)
