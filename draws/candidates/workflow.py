"""Steps of a candidature until the list is frozen; the README has the same table.

Two people examine each: the first gives an opinion, the second decides by the same opinion. Another opinion takes the
place of the first one, and somebody else must agree: no decision is ever that of one person.
"""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.institution.rules import is_lead, is_team
from assembly.workflow import SYSTEM_ONLY, Permission, Step, Transition, Workflow
from draws.calls.queries import is_frozen
from draws.calls.rules import age_on, is_minor
from draws.candidates import rules
from draws.candidates.forms import ExcludeForm, GuardianForm, MergeForm, RejectForm, RenunciationForm
from draws.models import CallState, Candidate, CandidateState as S, Examination
from draws.succession.queries import may_renounce

TEAM: Permission[Candidate] = Permission(lambda user, row: is_team(user, row.term_id), _("équipe"))
SECOND: Permission[Candidate] = Permission(rules.is_second, _("autre personne de l’équipe"))
LEAD: Permission[Candidate] = Permission(lambda user, row: is_lead(user, row.term_id), _("responsable"))
UNEXAMINED: dict[str, Any] = {
    "verdict": "",
    "verdict_ground": "",
    "verdict_by": None,
    "decided_by": None,
    "ground": "",
    "exclusion": "",
    "duplicate_of": None,
    "decision_sent_at": None,
}


def check_canton(row: Candidate) -> None:
    if row.canton_id is None or not row.is_canton_checked:
        message = gettext("Vérifiez d’abord le canton de cette adresse, puis notez-le avec « Corriger ».")
        raise ValidationError(message, code="canton")


def check_guardian(row: Candidate) -> None:
    if is_minor(row.birth_date, timezone.localdate()) and row.guardian_agreed_on is None:
        raise ValidationError(gettext("L’autorisation d’un parent manque encore."), code="guardian")


def check_age(row: Candidate) -> None:
    if age_on(row.birth_date, row.call.day_of_age) < row.call.minimum_age:
        message = gettext("Cette personne n’aura pas %(age)s ans le jour du tirage.") % {"age": row.call.minimum_age}
        raise ValidationError(message, code="birth_date")


def verdict_is(verdict: Examination, row: Candidate) -> bool:
    return row.verdict == verdict


def verdict_is_not(verdict: Examination, row: Candidate) -> bool:
    return row.verdict != verdict


def rejection_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    return {"verdict": Examination.REJECT, "verdict_ground": taken.facts["ground"], "verdict_by": taken.by}


def unexamined_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    return UNEXAMINED


def renunciation_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    return {"renounced_on": taken.facts["on"], "renounced_through": taken.facts["channel"]}


def exclusion_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    """Return the columns of an exclusion; `actions.exclude` sends the mail in the same transaction."""
    sent_at = timezone.now() if row.email else None
    return {**UNEXAMINED, "exclusion": taken.facts["reason"], "decision_sent_at": sent_at}


def check_list_open(row: Candidate) -> None:
    """Check that the list is not frozen: no candidature is examined beside it; the database refuses it too."""
    if is_frozen(row.call):
        message = gettext("La liste du tirage est figée : plus aucune candidature n’y entre.")
        raise ValidationError(message, code="frozen")


def check_email(row: Candidate) -> None:
    if not row.email:
        message = gettext("Cette personne n’a pas donné de courriel : écrivez-lui par la poste.")
        raise ValidationError(message, code="email")


CAN_BE_ADMITTED = (check_canton, check_age, check_guardian)
CANDIDATE: Workflow[Candidate] = Workflow(
    [
        Step(
            "admit",
            {S.SUBMITTED},
            by=TEAM,
            when=partial(verdict_is_not, Examination.ADMIT),
            guards=CAN_BE_ADMITTED,
            event_type="candidate.admission_proposed",
            history_text=_("a donné un premier avis : recevable"),
            changes=lambda row, taken: {"verdict": Examination.ADMIT, "verdict_ground": "", "verdict_by": taken.by},
            slug="recevable",
            label=_("Recevable"),
            question=_("Cette candidature est-elle recevable ?"),
        ),
        Step(
            "admit",
            {S.SUBMITTED},
            S.ELIGIBLE,
            by=SECOND,
            when=partial(verdict_is, Examination.ADMIT),
            guards=CAN_BE_ADMITTED,
            event_type="candidate.admitted",
            history_text=_("a donné le second avis : candidature recevable"),
            by_column="decided_by",
        ),
        Step(
            "reject",
            {S.SUBMITTED},
            by=TEAM,
            when=partial(verdict_is_not, Examination.REJECT),
            event_type="candidate.rejection_proposed",
            history_text=_("a donné un premier avis : irrecevable"),
            changes=rejection_columns,
            slug="irrecevable",
            label=_("Irrecevable"),
            question=_("Pourquoi cette candidature est-elle irrecevable ?"),
            form=RejectForm,
        ),
        Step(
            "reject",
            {S.SUBMITTED},
            S.INELIGIBLE,
            by=SECOND,
            when=partial(verdict_is, Examination.REJECT),
            history_text=_("a donné le second avis : candidature irrecevable"),
            changes=lambda row, taken: {"decided_by": taken.by, "ground": taken.facts["ground"]},
        ),
        Step(
            "exclude",
            {S.SUBMITTED},
            S.EXCLUDED,
            by=TEAM,
            when=lambda row: row.call.state == CallState.CLOSED,
            history_text=_("a écarté une candidature sans examen"),
            changes=exclusion_columns,
            slug="ecarter",
            label=_("Écarter sans examen"),
            question=_("Pourquoi cette candidature est-elle écartée sans examen ?"),
            form=ExcludeForm,
            danger=True,
            fresh=True,
        ),
        Step(
            "merge",
            S.tagged("open"),
            S.DUPLICATE,
            by=TEAM,
            history_text=_("a écarté un doublon"),
            changes=unexamined_columns,
            slug="doublon",
            label=_("Écarter comme doublon"),
            question=_("Écarter ce doublon ?"),
            consequences=[_("L’autre candidature reste seule. La responsable peut revenir en arrière.")],
            form=MergeForm,
        ),
        Step(
            "confirm",
            {S.UNCONFIRMED},
            S.SUBMITTED,
            by=TEAM,
            guards=(check_list_open,),
            history_text=_("a confirmé une candidature"),
            slug="confirmer",
            label=_("Confirmer à sa place"),
            question=_("Confirmer cette candidature ?"),
            success_message=_("La candidature est à examiner."),
            consequences=[_("La personne vous a dit que c’est bien elle, par téléphone par exemple.")],
        ),
        Step(
            "authorise",
            S.tagged("undecided"),
            by=TEAM,
            when=lambda row: row.guardian_agreed_on is None,
            history_text=_("a noté l’autorisation d’un parent"),
            slug="autoriser",
            label=_("Noter l’autorisation parentale"),
            question=_("Noter l’autorisation d’un parent"),
            success_message=_("L’autorisation est notée."),
            form=GuardianForm,
        ),
        Step(
            "separate",
            S.tagged("open"),
            by=TEAM,
            when=lambda row: row.household != "",
            history_text=_("a noté un foyer distinct à la même adresse"),
            changes=lambda row, taken: {"household": ""},
            slug="foyer",
            label=_("Noter un logement distinct"),
            question=_("Ces personnes habitent-elles deux logements distincts ?"),
            success_message=_("C’est noté : cette personne compte pour un foyer à part."),
            consequences=[_("Sans cela, une seule personne de cette adresse peut être tirée au sort.")],
        ),
        Step(
            "send_link",
            S.tagged("correctable"),
            by=TEAM,
            guards=(check_email,),
            event_type="candidate.link_sent",
            history_text=_("a envoyé son lien personnel à la personne"),
            slug="lien",
            label=_("Envoyer le lien personnel"),
            question=_("Envoyer son lien personnel à cette personne ?"),
            success_message=_("Le courriel est en cours d’envoi."),
        ),
        Step(
            "send_decision",
            S.tagged("decided"),
            by=TEAM,
            when=lambda row: row.decision_sent_at is None,
            guards=(check_email,),
            event_type="candidate.decision_sent",
            history_text=_("a envoyé la décision à la personne"),
            changes=lambda row, taken: {"decision_sent_at": timezone.now()},
            slug="prevenir",
            label=_("Envoyer la décision"),
            question=_("Envoyer la décision à cette personne ?"),
            success_message=_("Le courriel est en cours d’envoi."),
            fresh=True,
        ),
        Step(
            "withdraw",
            S.tagged("withdrawable"),
            S.WITHDRAWN,
            by=TEAM,
            event_type="candidate.withdrawn",
            history_text=_("a retiré une candidature à la demande de la personne"),
            changes=unexamined_columns,
            slug="retirer",
            label=_("Retirer à sa demande"),
            question=_("Retirer cette candidature, à la demande de la personne ?"),
            success_message=_("La candidature est retirée."),
            danger=True,
        ),
        Step(
            "renounce",
            S.tagged("listed"),
            by=TEAM,
            when=may_renounce,
            history_text=_("a noté qu’une personne de la liste figée renonce"),
            changes=renunciation_columns,
            slug="renoncer",
            label=_("Noter qu’elle renonce"),
            question=_("Cette personne renonce-t-elle à être tirée au sort ?"),
            success_message=_("C’est noté : aucun siège ne lui sera proposé."),
            consequences=[
                _("La liste figée et les lots ne changent pas."),
                _("Si le sort la désigne, son siège va à la personne que la règle nomme ensuite."),
                _("On ne revient pas en arrière."),
            ],
            form=RenunciationForm,
            danger=True,
        ),
        Step("correct", S.tagged("correctable"), by=TEAM, history_text=_("a corrigé une candidature")),
        Step(
            "reopen",
            {*S.tagged("decided"), S.WITHDRAWN},
            S.SUBMITTED,
            by=LEAD,
            guards=(check_list_open,),
            history_text=_("a rouvert l’examen d’une candidature"),
            needs_reason=True,
            changes=unexamined_columns,
            slug="rouvrir",
            label=_("Rouvrir l’examen"),
            question=_("Rouvrir l’examen de cette candidature"),
            success_message=_("L’examen recommence : deux avis sont à donner."),
            consequences=[_("La décision et les avis donnés sont levés\u00a0: deux avis sont à donner de nouveau.")],
            fresh=True,
        ),
        Step(
            "examine_again",
            S.tagged("open"),
            S.SUBMITTED,
            by=SYSTEM_ONLY,
            event_type="candidate.to_examine_again",
            history_text=_("a changé ce qui avait été examiné : l’examen recommence"),
            changes=unexamined_columns,
        ),
    ],
    parent="call",
    noun="candidate",
)
