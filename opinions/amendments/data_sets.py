"""Open data of the amendments: what the public page of an opinion shows of them, without any name or reason."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from assembly.open_data.registry import DataColumn, DataSet, DataType
from assembly.text.french import Label, local_day
from opinions.amending.changes import Operation
from opinions.amending.passages import Text
from opinions.amendments.models import AmendmentDecisionMode, AmendmentState
from opinions.amendments.queries import AmendmentRow, plain_text, published_amendments, row
from opinions.opinions.queries import published_opinions
from sessions.decisions.models import COUNTED
from sessions.models import Ballot

STATES = {
    AmendmentState.ADMISSIBLE: "recevable",
    AmendmentState.RAPPORTEUR_VIEW: "avis_donne",
    AmendmentState.DEBATED: "en_discussion",
    AmendmentState.ADOPTED: "adopte",
    AmendmentState.REJECTED: "rejete",
    AmendmentState.WITHDRAWN: "retire",
    AmendmentState.FELL: "tombe",
    AmendmentState.MERGED: "fusionne",
}
OPERATIONS = {
    Operation.INSERT_AFTER: "ajouter_apres",
    Operation.INSERT_BEFORE: "ajouter_avant",
    Operation.REPLACE: "remplacer",
    Operation.DELETE: "supprimer",
}
MODES = {AmendmentDecisionMode.BALLOT: "vote", AmendmentDecisionMode.CONSENT: "sans_opposition"}


def amendment_rows() -> list[AmendmentRow]:
    """Return the amendments of the published opinions, by opinion and number: no signer is read, each text once."""
    amendments = published_amendments(published_opinions()).select_related("parent", "ballot", "merged_into")
    texts: dict[int, Text] = {}
    rows = []
    for amendment in amendments.prefetch_related("version__opinion"):
        if amendment.version_id not in texts:
            texts[amendment.version_id] = Text(amendment.version.tree)
        rows.append(row(texts[amendment.version_id], amendment))
    return rows


def ballot_of(row: AmendmentRow) -> Ballot | None:
    ballot = row.amendment.ballot
    return ballot if row.amendment.is_decided and ballot is not None and ballot.state in COUNTED else None


def count_column(name: str, label: Label, field: str) -> DataColumn:
    return DataColumn(name, label, lambda row: getattr(ballot_of(row), field, None), DataType.INTEGER)


def day_of(row: AmendmentRow) -> date | None:
    """Return the day of its decision, or that on which it was withdrawn, fell or was merged."""
    moment = row.amendment.decided_at or row.amendment.ended_at
    return local_day(moment) if moment else None


def published_on(row: AmendmentRow) -> date | None:
    moment = row.amendment.opinion.published_at
    return local_day(moment) if moment else None


AMENDMENT_DATA = DataSet(
    "amendements",
    _("Amendements"),
    _("Une ligne par amendement recevable à un avis publié : ce qu’il change, ce qu’il devient. Sans aucun nom."),
    rows=amendment_rows,
    columns=[
        DataColumn("avis", _("Avis"), "amendment.opinion.reference", description=_("Référence de l’avis amendé")),
        DataColumn("numero", _("Numéro"), "amendment.number", DataType.INTEGER, _("Donné au dépôt")),
        DataColumn(
            "sous_amendement_de",
            _("Sous-amendement de"),
            lambda row: row.amendment.parent.number if row.amendment.parent else None,
            DataType.INTEGER,
            _("Numéro de l’amendement modifié"),
        ),
        DataColumn("operation", _("Opération"), "amendment.operation", DataType.CODE, codes=OPERATIONS),
        DataColumn("objet", _("Objet"), "description.sentence", description=_("Passage visé, en une phrase")),
        DataColumn("texte", _("Nouveau texte"), lambda row: plain_text(row.amendment)),
        DataColumn("etat", _("État"), "amendment.state", DataType.CODE, codes=STATES),
        DataColumn(
            "fusionne_avec",
            _("Fusionné avec"),
            lambda row: row.amendment.merged_into.number if row.amendment.merged_into else None,
            DataType.INTEGER,
            _("Numéro de l’amendement qui le poursuit"),
        ),
        DataColumn(
            "jour", _("Jour"), day_of, DataType.DAY, _("De la décision, du retrait, de la chute ou de la fusion")
        ),
        DataColumn("decide", _("Décidé"), "amendment.decision_mode", DataType.CODE, codes=MODES),
        count_column("pour", _("Pour"), "votes_for"),
        count_column("contre", _("Contre"), "votes_against"),
        count_column("abstentions", _("Abstentions"), "abstentions"),
        count_column("sans_avis", _("Ne se prononcent pas"), "no_opinion"),
        DataColumn(
            "page", _("Page"), lambda row: f"/avis/{row.amendment.opinion.reference}/amendements/", DataType.ADDRESS
        ),
    ],
    changed_on=published_on,
    order=45,
)
