"""Open data of the composition: the figures of `/representativite/`, masked alike."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution.queries import active_term, main_assembly
from assembly.open_data.registry import DataColumn, DataSet, DataType
from assembly.text.french import local_day
from draws.representation.queries import figure_rows, representation

FEATURE_CODES = {
    "gender": "genre",
    "age_band": "age",
    "occupation": "profession",
    "canton": "canton",
    "channel": "voie",
}


def composition_rows() -> list[dict[str, Any]]:
    """Return the figures of the term that the public home shows, each with the day of their publication."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if term is None:
        return []
    shown = representation(term, public=True)
    day = local_day(shown.publication.published_at) if shown.publication else None
    return [row | {"day": day} for row in figure_rows(shown)]


def share_of(row: dict[str, Any]) -> float | None:
    share = row["cell"].share
    return None if share is None else round(share, 4)


COMPOSITION_DATA = DataSet(
    "composition",
    _("Composition"),
    _("Une ligne par groupe compté : genre, âge, profession, canton ; Assemblée, candidatures, population."),
    rows=composition_rows,
    columns=[
        DataColumn("critere", _("Critère"), lambda row: row["feature"], DataType.CODE, codes=FEATURE_CODES),
        DataColumn("valeur", _("Valeur"), lambda row: row["label"], description=_("Le groupe compté")),
        DataColumn("parmi", _("Parmi"), lambda row: row["group"].title, description=_("Membres, candidatures…")),
        DataColumn("nombre", _("Nombre"), lambda row: row["cell"].number, DataType.INTEGER),
        DataColumn("part", _("Part"), share_of, DataType.NUMBER, _("Entre 0 et 1")),
        DataColumn(
            "masque",
            _("Masqué"),
            lambda row: row["cell"].is_hidden,
            DataType.FLAG,
            _("Oui pour un nombre de 1 à 4 personnes, et pour ceux qui permettraient de le recalculer"),
        ),
    ],
    changed_on=lambda row: row["day"],
    order=75,
)
