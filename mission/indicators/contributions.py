"""Contributions of indicators: menus, to-do lines, public pages, sheets, entered indicators, audit events.

A sheet is printed for the team as often as it likes, and sealed on demand.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer, add_documents
from assembly.indicators.registry import (
    Breakdown,
    Facts,
    Frequency,
    Indicator,
    Theme,
    Unit,
    add_indicators,
    indicators,
)
from assembly.institution import todo
from assembly.institution.menu import MenuHeading, add_desk_line, add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import is_member, is_team
from assembly.institution.todo import add_to_do
from assembly.open_data.registry import add_data_sets
from assembly.portal.registry import Page, add_pages
from mission.indicators import queries, rules
from mission.indicators.data_sets import INDICATOR_DATA
from mission.indicators.models import IndicatorSheet
from mission.indicators.queries import PRINT_KIND, SEALED_KIND, SHEET, sheet_title
from mission.indicators.rules import can_see_indicators, list_public_indicators


class IndicatorSheetFile(Renderer):
    """Base class of the printed and the sealed sheet."""

    subject_label = SHEET

    def load(self, subject_id: str) -> IndicatorSheet:
        return IndicatorSheet.objects.select_related("term__assembly").get(pk=subject_id)

    def identity(self, subject: IndicatorSheet) -> Identity:
        return Identity(subject.reference, sheet_title(subject), subject.day, subject.term)

    def can_read(self, user: Any, subject: IndicatorSheet) -> bool:
        return can_see_indicators(user, subject.term_id)

    def source(self, subject: IndicatorSheet) -> RenderSource:
        return page_source(
            "mission/indicators/pdf/sheet.html",
            {"sheet": subject.content, "day": subject.day},
            assembly=subject.term.assembly,
            title=sheet_title(subject),
            reference=subject.reference,
            made_at=subject.noted_at,
            sheets=["indicators"],
            data=subject.content,
            sealed=self.sealed,
        )


class PrintedIndicatorSheet(IndicatorSheetFile):
    kind = PRINT_KIND
    file_name = "indicateurs"


class SealedIndicatorSheet(IndicatorSheetFile):
    kind = SEALED_KIND
    sealed = True


LABEL = _("Indicateurs")


def asked_values(user: Any, term: Term) -> Iterator[todo.ToDo]:
    """Yield one line for all values that are due, with the first day; the page lists each with its own."""
    if not is_team(user, term):
        return
    due = queries.due_days(term)
    days = [
        due[one.key]
        for one in indicators()
        if one.key in due and queries.is_near(due[one.key]) and rules.can_enter(user, term, one)
    ]
    if days:
        text = ngettext("Saisir %(n)s indicateur", "Saisir %(n)s indicateurs", len(days)) % {"n": len(days)}
        yield todo.ToDo(text, f"{reverse('mission:indicators')}#a-saisir", term.name, due_on=min(days))


def pages() -> Iterator[Page]:
    yield reverse("mission:public-indicators"), None
    for one in list_public_indicators():
        yield reverse("mission:public-indicator", args=[one.key]), None


ASKED = _("Cette valeur n’est pas encore saisie.")
LEVELS = {
    "inform": _("informer"),
    "consult": _("consulter"),
    "involve": _("associer"),
    "build": _("construire ensemble"),
}
TERRITORIES = {
    "department": _("tout le département"),
    "cantons": _("un ou plusieurs cantons"),
    "commune": _("une commune ou une intercommunalité"),
}


def choice(key: str, label: Any, cells: dict[str, Any]) -> Breakdown:
    return Breakdown(key, label, lambda term, day: "", lambda term: cells, facts=Facts.CURRENT)


def asked(key: str, name: Any, definition: Any, formula: Any, source: Any, **more: Any) -> Indicator:
    defaults: dict[str, Any] = {
        "theme": Theme.OPENNESS,
        "unit": Unit.PERCENT,
        "frequency": Frequency.SIX_MONTHS,
        "facts": Facts.CURRENT,
        "is_public": True,
    }
    return Indicator(key, name, definition, formula, source=source, empty_reason=ASKED, **defaults | more)


QUESTIONNAIRE = _("Questionnaire aux membres")


add_desk_line(MenuHeading.MISSION, LABEL, "mission:indicators", rules.can_see_indicators, order=60)
add_menu_entry(
    "directorate",
    LABEL,
    "mission:directorate-indicators",
    rules.can_see_in_directorate_area,
    order=60,
    icon="activity",
)
add_menu_entry("member", LABEL, "mission:my-indicators", is_member, order=60, icon="activity")
add_to_do("desk", asked_values)
add_pages("mission", pages)
add_data_sets(INDICATOR_DATA)
add_documents(PrintedIndicatorSheet, SealedIndicatorSheet)
add_indicators(
    asked(
        "satisfaction",
        _("Satisfaction des membres"),
        _("Part des membres qui se disent satisfaits ou très satisfaits de leur participation."),
        _("réponses « satisfait » et « très satisfait » ÷ réponses"),
        QUESTIONNAIRE,
        target=Decimal(80),
        order=10,
    ),
    asked(
        "influence-ressentie",
        _("Sentiment d’avoir pesé"),
        _("Part des membres qui pensent que leur travail a compté dans les décisions du Conseil."),
        _("réponses « plutôt oui » et « oui » ÷ réponses"),
        QUESTIONNAIRE,
        order=20,
    ),
    asked(
        "confiance-avant",
        _("Confiance dans les élus, avant"),
        _("Part des membres qui font confiance aux élus, demandée à leur installation."),
        _("réponses « confiance » ÷ réponses"),
        QUESTIONNAIRE,
        frequency=Frequency.YEAR,
        order=30,
    ),
    asked(
        "confiance-apres",
        _("Confiance dans les élus, après"),
        _("La même question, posée aux mêmes personnes après une année de travail."),
        _("réponses « confiance » ÷ réponses"),
        QUESTIONNAIRE,
        frequency=Frequency.YEAR,
        order=40,
    ),
    asked(
        "parole-des-femmes",
        _("Temps de parole des femmes"),
        _("Part du temps de parole des membres pris par des femmes, mesurée en plénière."),
        _("minutes de parole des femmes ÷ minutes de parole"),
        _("Relevé en séance"),
        order=50,
    ),
    asked(
        "concertations",
        _("Concertations menées"),
        _("Démarches de concertation ouvertes par le Département depuis le début de la mandature."),
        _("nombre de concertations"),
        _("Suivi de la mission"),
        unit=Unit.NUMBER,
        breakdowns=(
            choice("niveau", _("niveau"), LEVELS),
            choice("territoire", _("territoire"), TERRITORIES),
        ),
        order=60,
    ),
)
add_audit_events(
    {
        "indicator.entered": _("a saisi la valeur d’un indicateur"),
        "indicator_sheet.created": _("a fait une fiche d’indicateurs"),
        "indicator_sheet.sealing_asked": _("a demandé le cachet d’une fiche d’indicateurs"),
    }
)
