"""Indicators whose facts the application does not hold: their owner is asked to enter them."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.indicators.enums import Facts, Frequency, Theme, Unit
from assembly.indicators.registry import Breakdown, Indicator, add_indicators

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
