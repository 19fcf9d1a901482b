"""Open data of the sittings: what their public list and pages show."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.open_data.linked import known_properties, the_assembly
from assembly.open_data.registry import DataColumn, DataSet, DataType, PageData
from assembly.text.french import local_day
from sessions.minutes.queries.facts import body_label
from sessions.models import Sitting, SittingState
from sessions.sittings.models import SittingKind, SittingQuerySet
from sessions.sittings.queries.sittings import announced, public_dossier, public_lines

S = SittingState
STATES = {
    S.PLANNED: "planifiee",
    S.NOTIFIED: "convoquee",
    S.CONFIRMED: "confirmee",
    S.OPEN: "ouverte",
    S.SUSPENDED: "suspendue",
    S.CLOSED: "tenue",
    S.MINUTED: "tenue",
    S.ARCHIVED: "tenue",
    S.POSTPONED: "reportee",
    S.CANCELLED: "annulee",
    S.NOT_QUORATE: "sans_quorum",
    S.RECONVENED: "sans_quorum",
    S.NOT_HELD: "pas_eu_lieu",
}
KINDS = {SittingKind.PLENARY: "pleniere", SittingKind.THEMATIC: "thematique", SittingKind.COMMITTEE: "comite"}


def sitting_rows() -> SittingQuerySet:
    rows = announced().select_related("committee", "minutes__public_document")
    return rows.order_by("starts_at", "pk")


def sitting_row(reference: str) -> Sitting | None:
    return public_dossier().filter(reference=reference).first()


def published_minutes(sitting: Sitting) -> Any:
    """Return the published document of the minutes, or None."""
    minutes = getattr(sitting, "minutes", None)
    document = minutes.public_document if minutes else None
    return document if document and document.published_revision_id else None


def minutes_address(sitting: Sitting) -> str:
    document = published_minutes(sitting)
    return f"/publications/{document.reference}.pdf" if document else ""


def minutes_day(sitting: Sitting) -> date | None:
    document = published_minutes(sitting)
    return local_day(document.published_at) if document else None


def changed_day_of(sitting: Sitting) -> date | None:
    """Return the day of its published minutes, else of its notice."""
    return minutes_day(sitting) or (local_day(sitting.notified_at) if sitting.notified_at else None)


VOTE = [
    DataColumn("question", _("Question"), lambda row: row["question"]),
    DataColumn("resultat", _("Résultat"), lambda row: row["sentence"], description=_("Les voix et le résultat")),
]
DECISION = [
    DataColumn("reference", _("Référence"), lambda row: row["reference"]),
    DataColumn("texte", _("Texte"), lambda row: row["text"]),
]
AGENDA = [
    DataColumn("numero", _("Numéro"), "line.number"),
    DataColumn("debut", _("Début prévu"), "line.starts_at", DataType.MOMENT),
    DataColumn("titre", _("Titre"), "title"),
    DataColumn(
        "objet",
        _("Objet"),
        lambda row: row.line.topic.reference if row.line.topic else "",
        description=_("Référence de la saisine ou de l’avis"),
    ),
    DataColumn("votes", _("Votes"), "votes", DataType.OBJECTS, columns=VOTE),
    DataColumn("decisions", _("Décisions"), "decisions", DataType.OBJECTS, columns=DECISION),
]
EVENT_STATES = {"reportee": "EventPostponed", "annulee": "EventCancelled", "pas_eu_lieu": "EventCancelled"}


def event_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sitting as an event of schema.org."""
    place = known_properties({"name": facts["lieu"], "address": facts["adresse"]})
    return {
        "@type": "Event",
        "startDate": facts["debut"],
        "endDate": facts["fin"],
        "eventStatus": f"https://schema.org/{EVENT_STATES.get(facts['etat'], 'EventScheduled')}",
        "location": {"@type": "Place", **place} if place else None,
        "organizer": the_assembly(),
    }


SITTING_DATA = DataSet(
    "seances",
    _("Séances"),
    _("Une ligne par séance annoncée au public : date, lieu, état, compte rendu."),
    rows=sitting_rows,
    columns=[
        DataColumn("reference", _("Référence"), "reference", description=_("Par exemple PL-2026-05")),
        DataColumn("titre", _("Titre"), "title"),
        DataColumn("type", _("Type"), "kind", DataType.CODE, codes=KINDS),
        DataColumn("instance", _("Instance"), body_label, description=_("L’assemblée réunie, ou le comité")),
        DataColumn("debut", _("Début"), "starts_at", DataType.MOMENT),
        DataColumn("fin", _("Fin"), "ends_at", DataType.MOMENT),
        DataColumn("lieu", _("Lieu"), "place_name"),
        DataColumn("adresse", _("Adresse"), "place_address"),
        DataColumn("etat", _("État"), "state", DataType.CODE, codes=STATES),
        DataColumn("compte_rendu", _("Compte rendu"), minutes_address, DataType.ADDRESS, _("Adresse du PDF scellé")),
        DataColumn("compte_rendu_publie_le", _("Compte rendu publié le"), minutes_day, DataType.DAY),
        DataColumn("page", _("Page"), lambda row: f"/seances/{row.reference}/", DataType.ADDRESS),
    ],
    changed_on=changed_day_of,
    page=PageData(
        "seances/",
        _("Une séance, son ordre du jour, ses votes et ses décisions"),
        "PL-2026-05",
        find=sitting_row,
        more=[DataColumn("ordre_du_jour", _("Ordre du jour"), public_lines, DataType.OBJECTS, columns=AGENDA)],
        linked=event_of,
    ),
    order=70,
)
