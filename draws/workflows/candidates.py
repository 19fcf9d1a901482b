"""Steps of a candidature until the list is frozen; the README has the same table.

Two people examine each: the first gives an opinion, the second decides by the same opinion. Another opinion takes the
place of the first one, and somebody else must agree: no decision is ever that of one person.
"""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_lead, is_team
from assembly.workflow import SYSTEM_ONLY, Permission, Step, Transition, Workflow
from draws.enums import IN_THE_DRAW, CallState, Examination
from draws.enums import CandidateState as S
from draws.models import Candidate
from draws.queries.calls import is_frozen
from draws.queries.renunciation import may_renounce
from draws.rules import candidates as rules
from draws.rules.calls import age_on, is_minor

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


def admission_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    return {"verdict": Examination.ADMIT, "verdict_ground": "", "verdict_by": taken.by}


def rejection_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    return {"verdict": Examination.REJECT, "verdict_ground": taken.facts["ground"], "verdict_by": taken.by}


def unexamined_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    return UNEXAMINED


def renunciation_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    return {"renounced_on": taken.facts["on"], "renounced_through": taken.facts["channel"]}


def exclusion_columns(row: Candidate, taken: Transition) -> dict[str, Any]:
    """Return the columns of an exclusion; `actions.candidates.exclude` sends the mail in the same transaction."""
    sent_at = timezone.now() if row.email else None
    return {**UNEXAMINED, "exclusion": taken.facts["reason"], "decision_sent_at": sent_at}


def is_of_closed_call(row: Candidate) -> bool:
    return row.call.state == CallState.CLOSED


def check_list_open(row: Candidate) -> None:
    """Check that the list is not frozen: no candidature is examined beside it; the database refuses it too."""
    if is_frozen(row.call):
        message = gettext("La liste du tirage est figée : plus aucune candidature n’y entre.")
        raise ValidationError(message, code="frozen")


def check_email(row: Candidate) -> None:
    if not row.email:
        message = gettext("Cette personne n’a pas donné de courriel : écrivez-lui par la poste.")
        raise ValidationError(message, code="email")


def has_no_authorisation(row: Candidate) -> bool:
    return row.guardian_agreed_on is None


CAN_BE_ADMITTED = (check_canton, check_age, check_guardian)
CANDIDATE: Workflow[Candidate] = Workflow(
    [
        Step(
            "confirm",
            {S.UNCONFIRMED},
            S.SUBMITTED,
            by=TEAM,
            guards=(check_list_open,),
            event_type="candidate.confirmed",
            history_text=_("a confirmé une candidature"),
        ),
        Step(
            "admit",
            {S.SUBMITTED},
            by=TEAM,
            when=partial(verdict_is_not, Examination.ADMIT),
            guards=CAN_BE_ADMITTED,
            event_type="candidate.admission_proposed",
            history_text=_("a donné un premier avis : recevable"),
            changes=admission_columns,
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
        ),
        Step(
            "reject",
            {S.SUBMITTED},
            S.INELIGIBLE,
            by=SECOND,
            when=partial(verdict_is, Examination.REJECT),
            event_type="candidate.rejected",
            history_text=_("a donné le second avis : candidature irrecevable"),
            changes=lambda row, taken: {"decided_by": taken.by, "ground": taken.facts["ground"]},
        ),
        Step(
            "merge",
            {S.SUBMITTED, S.ELIGIBLE},
            S.DUPLICATE,
            by=TEAM,
            event_type="candidate.merged",
            history_text=_("a écarté un doublon"),
            changes=unexamined_columns,
        ),
        Step(
            "exclude",
            {S.SUBMITTED},
            S.EXCLUDED,
            by=TEAM,
            when=is_of_closed_call,
            event_type="candidate.excluded",
            history_text=_("a écarté une candidature sans examen"),
            changes=exclusion_columns,
        ),
        Step(
            "authorise",
            {S.UNCONFIRMED, S.SUBMITTED},
            by=TEAM,
            when=has_no_authorisation,
            event_type="candidate.authorised",
            history_text=_("a noté l’autorisation d’un parent"),
        ),
        Step(
            "separate",
            {S.SUBMITTED, S.ELIGIBLE},
            by=TEAM,
            when=lambda row: row.household != "",
            event_type="candidate.separated",
            history_text=_("a noté un foyer distinct à la même adresse"),
            changes=lambda row, taken: {"household": ""},
        ),
        Step(
            "send_link",
            {S.UNCONFIRMED, S.SUBMITTED, S.ELIGIBLE},
            by=TEAM,
            guards=(check_email,),
            event_type="candidate.link_sent",
            history_text=_("a envoyé son lien personnel à la personne"),
        ),
        Step(
            "send_decision",
            {S.ELIGIBLE, S.INELIGIBLE, S.DUPLICATE, S.EXCLUDED},
            by=TEAM,
            when=lambda row: row.decision_sent_at is None,
            guards=(check_email,),
            event_type="candidate.decision_sent",
            history_text=_("a envoyé la décision à la personne"),
            changes=lambda row, taken: {"decision_sent_at": timezone.now()},
        ),
        Step(
            "withdraw",
            {S.UNCONFIRMED, S.SUBMITTED, S.ELIGIBLE, S.INELIGIBLE, S.DUPLICATE, S.EXCLUDED},
            S.WITHDRAWN,
            by=TEAM,
            event_type="candidate.withdrawn",
            history_text=_("a retiré une candidature à la demande de la personne"),
            changes=unexamined_columns,
        ),
        Step(
            "reopen",
            {S.ELIGIBLE, S.INELIGIBLE, S.DUPLICATE, S.EXCLUDED, S.WITHDRAWN},
            S.SUBMITTED,
            by=LEAD,
            guards=(check_list_open,),
            event_type="candidate.reopened",
            history_text=_("a rouvert l’examen d’une candidature"),
            needs_reason=True,
            changes=unexamined_columns,
        ),
        Step(
            "correct",
            {S.UNCONFIRMED, S.SUBMITTED, S.ELIGIBLE},
            by=TEAM,
            event_type="candidate.corrected",
            history_text=_("a corrigé une candidature"),
        ),
        Step(
            "renounce",
            IN_THE_DRAW,
            by=TEAM,
            when=may_renounce,
            event_type="candidate.renounced",
            history_text=_("a noté qu’une personne de la liste figée renonce"),
            changes=renunciation_columns,
        ),
        Step(
            "examine_again",
            {S.SUBMITTED, S.ELIGIBLE},
            S.SUBMITTED,
            by=SYSTEM_ONLY,
            event_type="candidate.to_examine_again",
            history_text=_("a changé ce qui avait été examiné : l’examen recommence"),
            changes=unexamined_columns,
        ),
    ],
    parent="call",
)
