"""Open data of the referrals: what their public list and pages show."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.open_data.registry import DataColumn, DataSet, DataType, PageData
from assembly.text.french import local_day
from consultations.briefing.queries import public_documents
from consultations.hearings.queries import public_hearings
from consultations.models import HearingState
from consultations.referrals.enums import CouncilStance, ReferralOrigin, ReferralState
from consultations.referrals.models import Referral
from consultations.referrals.queries import public_dossier
from sessions.sittings.queries.sittings import published_sittings

S = ReferralState
STATES = {
    S.DRAFT: "en_preparation",
    S.INTERNAL_REVIEW: "en_instruction",
    S.ISSUED: "emise",
    S.ACCEPTED: "recue",
    S.SUGGESTED: "proposee",
    S.SHORTLISTED: "preselectionnee",
    S.ADMISSIBILITY_CHECK: "recevabilite_a_l_etude",
    S.INADMISSIBLE: "irrecevable",
    S.COUNCIL_VIEW_GIVEN: "position_du_president_donnee",
    S.PUT_TO_VOTE: "mise_aux_voix",
    S.ADOPTED: "adoptee",
    S.REJECTED: "rejetee",
    S.IN_PROGRESS: "en_cours",
    S.OPINION_ADOPTED: "avis_adopte",
    S.HANDED_OVER: "avis_remis",
    S.ANSWERED: "reponse_recue",
    S.CLOSED: "close",
    S.WITHDRAWN: "retiree",
    S.MERGED: "reunie",
}
ORIGINS = {ReferralOrigin.PRESIDENT: "president", ReferralOrigin.SELF_REFERRAL: "assemblee"}
STANCES = {
    CouncilStance.FAVOURABLE: "favorable",
    CouncilStance.WITH_REMARKS: "favorable_avec_remarques",
    CouncilStance.UNFAVOURABLE: "defavorable",
}


def referral_rows() -> QuerySet[Any]:
    return public_dossier().order_by("published_at", "pk")


def referral_row(reference: str) -> Referral | None:
    return public_dossier().filter(reference=reference).first()


def public_successor(referral: Referral) -> str:
    """Return the reference of the published referral that it was merged into."""
    successor = referral.merged_into
    return successor.reference if successor and successor.published_at else ""


def view_of(name: str) -> Any:
    """Return a function of the referral that reads a field of the view of the president."""
    return lambda row: getattr(getattr(row, "council_view", None), name, None)


def held_hearings(referral: Referral) -> list[Any]:
    """Return the hearings that take place, without the names of guests."""
    return [row["hearing"] for row in public_hearings(referral)]


PART = [
    DataColumn("titre", _("Titre"), lambda row: row[0]),
    DataColumn("texte", _("Texte"), lambda row: row[1]),
]
SITTING = [
    DataColumn("reference", _("Référence"), lambda row: row["reference"]),
    DataColumn("titre", _("Titre"), lambda row: row["title"]),
    DataColumn("jour", _("Jour"), lambda row: row["day"], DataType.DAY),
]
PAPER = [
    DataColumn("titre", _("Titre"), "title"),
    DataColumn("source", _("Source"), "source"),
    DataColumn("adresse", _("Adresse"), lambda row: row.link or f"/fichiers/{row.upload.public_id}", DataType.ADDRESS),
]
HEARING = [
    DataColumn("titre", _("Titre"), "title"),
    DataColumn("debut", _("Début"), "starts_at", DataType.MOMENT),
    DataColumn("a_eu_lieu", _("A eu lieu"), lambda row: row.state == HearingState.HELD, DataType.FLAG),
]
REFERRAL_DATA = DataSet(
    "saisines",
    _("Saisines"),
    _("Une ligne par question posée à l’Assemblée, ou choisie par elle."),
    rows=referral_rows,
    columns=[
        DataColumn("reference", _("Référence"), "reference", description=_("Par exemple S-2025-01")),
        DataColumn("titre", _("Titre"), "title"),
        DataColumn("question", _("Question posée"), "question"),
        DataColumn("origine", _("Origine"), "origin", DataType.CODE, _("Qui pose la question"), ORIGINS),
        DataColumn("etat", _("État"), "state", DataType.CODE, codes=STATES),
        DataColumn("reunie_avec", _("Réunie avec"), public_successor),
        DataColumn("publiee_le", _("Publiée le"), lambda row: local_day(row.published_at), DataType.DAY),
        DataColumn("travaux_depuis_le", _("Début des travaux"), "work_starts_on", DataType.DAY),
        DataColumn("avis_attendu_le", _("Avis attendu le"), "due_on", DataType.DAY),
        DataColumn("decision_eclairee", _("Décision que l’avis éclaire"), "target_decision"),
        DataColumn("decision_le", _("Date de cette décision"), "target_decision_on", DataType.DAY),
        DataColumn("page", _("Page"), lambda row: f"/saisines/{row.reference}/", DataType.ADDRESS),
    ],
    changed_on=lambda row: local_day(row.published_at),
    page=PageData(
        "saisines/",
        _("Une question, ses documents et ses séances"),
        "S-2025-01",
        find=referral_row,
        more=[
            DataColumn("textes", _("Ce qui accompagne la question"), "parts", DataType.OBJECTS, columns=PART),
            DataColumn("position", _("Position du président"), view_of("stance"), DataType.CODE, codes=STANCES),
            DataColumn("position_le", _("Position donnée le"), view_of("given_on"), DataType.DAY),
            DataColumn("position_motifs", _("Motifs"), view_of("reasons")),
            DataColumn("groupes", _("Groupes au travail"), "group_names", DataType.TEXTS),
            DataColumn("seances", _("Séances"), published_sittings, DataType.OBJECTS, columns=SITTING),
            DataColumn("documents", _("Documents"), public_documents, DataType.OBJECTS, columns=PAPER),
            DataColumn("auditions", _("Auditions et visites"), held_hearings, DataType.OBJECTS, columns=HEARING),
        ],
    ),
    order=60,
)
