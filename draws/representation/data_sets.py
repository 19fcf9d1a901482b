"""Open data of who sits: the figures of `/representativite/`, masked alike; the seats by canton, without names."""

from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution.queries import active_term, main_assembly
from assembly.open_data.registry import DataColumn, DataSet, DataType
from assembly.text.french import local_day
from draws.representation.queries import figure_rows, representation
from members.mandates.queries import seats_by_canton

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


def seat_rows() -> list[dict[str, Any]]:
    """Return the seats of the term that the public home shows, numbered from 1 in each canton."""
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    if term is None:
        return []
    cantons = groupby(list[Any](seats_by_canton(term)), key=lambda seat: seat.canton)
    return [
        {
            "canton": canton.name,
            "rank": rank,
            "held": seat.held_since is not None,
            "since": seat.held_since or seat.vacated_on,
        }
        for canton, seats in cantons
        for rank, seat in enumerate(seats, 1)
    ]


SEAT_DATA = DataSet(
    "sieges",
    _("Sièges"),
    _("Une ligne par siège, dans l’ordre des cantons : tenu ou vacant, depuis quel jour. Sans nom ni genre."),
    rows=seat_rows,
    columns=[
        DataColumn("canton", _("Canton"), lambda row: row["canton"]),
        DataColumn(
            "rang",
            _("Rang"),
            lambda row: row["rank"],
            DataType.INTEGER,
            _("Dans le canton : les sièges tenus d’abord, du plus ancien au plus récent"),
        ),
        DataColumn(
            "tenu",
            _("Tenu"),
            lambda row: row["held"],
            DataType.FLAG,
            _("Une personne suspendue tient encore son siège"),
        ),
        DataColumn(
            "depuis",
            _("Depuis"),
            lambda row: row["since"],
            DataType.DAY,
            _("Premier jour tenu ou vacant ; vide si personne n’a encore siégé"),
        ),
    ],
    changed_on=lambda row: row["since"],
    order=76,
)
