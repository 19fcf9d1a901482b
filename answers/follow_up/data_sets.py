"""Open data of the commitments: what their public page shows."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from answers.cases.enums import AnswerValue
from answers.follow_up.models import FollowUpState
from answers.follow_up.queries import Commitment, commitments_of, public_follow_ups
from assembly.open_data.registry import DataColumn, DataSet, DataType

STATES = {
    FollowUpState.PLANNED: "a_commencer",
    FollowUpState.IN_PROGRESS: "en_cours",
    FollowUpState.DELAYED: "retardee",
    FollowUpState.DONE: "realisee",
    FollowUpState.ABANDONED: "abandonnee",
}
VALUES = {
    AnswerValue.ACCEPTED: "acceptee",
    AnswerValue.ACCEPTED_IN_PART: "en_partie",
    AnswerValue.ALREADY_DONE: "deja_en_place",
    AnswerValue.UNDER_STUDY: "a_l_etude",
    AnswerValue.PASSED_ON: "transmise",
    AnswerValue.REJECTED: "refusee",
}


def commitment_rows() -> Iterable[Commitment]:
    return commitments_of(public_follow_ups().with_dossier().order_by("case__answered_on", "pk").for_screen())


COMMITMENT_DATA = DataSet(
    "engagements",
    _("Engagements et suites"),
    _("Une ligne par promesse : où elle en est, le dernier point, le prochain."),
    rows=commitment_rows,
    columns=[
        DataColumn(
            "reference",
            _("Référence"),
            "follow_up.case.reference",
            description=_("De la préconisation d’où vient la promesse"),
        ),
        DataColumn("titre", _("Titre"), "follow_up.case.title"),
        DataColumn("avis", _("Avis"), "follow_up.case.opinion.reference"),
        DataColumn("theme", _("Thème"), "theme"),
        DataColumn("reponse", _("Réponse"), "answer.value", DataType.CODE, codes=VALUES),
        DataColumn("engagement", _("Engagement"), "text"),
        DataColumn("pris_le", _("Pris le"), "answer.published_on", DataType.DAY),
        DataColumn("direction", _("Direction"), "directorate_name"),
        DataColumn("service", _("Service"), "follow_up.service"),
        DataColumn("pour_le", _("Pour le"), lambda row: row.by_when[0] if row.by_when else None, DataType.DAY),
        DataColumn("etape", _("Étape"), lambda row: row.by_when[1] if row.by_when else ""),
        DataColumn("etat", _("État"), "follow_up.state", DataType.CODE, codes=STATES),
        DataColumn("dernier_point_le", _("Dernier point"), "last_update_on", DataType.DAY),
        DataColumn("dernier_point", _("Ce que dit le dernier point"), "last_text"),
        DataColumn("prochain_point_le", _("Prochain point"), "follow_up.update_due_on", DataType.DAY),
        DataColumn("preuves", _("Ce qui le montre"), "proofs", DataType.TEXTS, _("Adresses")),
        DataColumn("close_le", _("Close le"), "follow_up.ended_on", DataType.DAY),
        DataColumn("motif", _("Motif"), "follow_up.reason"),
        DataColumn("page", _("Page"), "address", DataType.ADDRESS),
    ],
    changed_on=lambda row: row.last_update_on or row.answer.published_on,
    order=20,
)
