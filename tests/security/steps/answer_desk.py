"""Steps of answers in the bureau: the tables of the matrix, of a first answer and of a revision."""

from django.utils import timezone

from answers.models import AnswerCaseState
from tests.answers.stage import answered_by
from tests.security.steps.rule import TEAM, Table

LEAD = "lead"
UNDER_WAY = "assigned submitted validated arbitration decided"
# « renvoyer » and what belongs to the sponsor or the president too have their page in their room.
STEPS = {
    "confier": (TEAM, {422: "awaiting"}),
    "publier": (LEAD, {302: "decided"}),
    "deliberation": (LEAD, {422: "validated"}),
    "demander-arbitrage": (TEAM, {422: "validated"}),
    "arbitrage-copil": (TEAM, {422: "arbitration"}),
    "relancer": (TEAM, {302: "assigned submitted"}),
    "renvoyer": (TEAM, {422: "validated arbitration"}),
    "reconfier": (TEAM, {422: "assigned submitted validated arbitration"}),
    "date": (TEAM, {422: f"awaiting {UNDER_WAY}"}),
    "rouvrir": (LEAD, {422: "decided"}),
    "reponse-passee": (LEAD, {422: "awaiting assigned"}),
    "reviser": (LEAD, {422: "published"}),
    "abandonner-revision": (LEAD, {}),
    "annuler": (LEAD, {422: f"awaiting {UNDER_WAY}"}),
    "retablir": (LEAD, {302: "cancelled"}),
}
OF_A_FIRST_ANSWER = {"date", "reponse-passee", "annuler"}
TABLES = {
    "answers-desk": Table(
        pages="answers:desk-step",
        states=f"awaiting {UNDER_WAY} published cancelled",
        row=lambda people, state: answered_by(people, AnswerCaseState(state)),
        enters=TEAM,
        steps=STEPS,
    ),
    "answers-desk-revised": Table(
        pages="answers:desk-step",
        states=UNDER_WAY,
        row=lambda people, state: answered_by(people, AnswerCaseState(state), answered_on=timezone.localdate()),
        enters=TEAM,
        steps={
            slug: ((whose, {}) if slug in OF_A_FIRST_ANSWER else (whose, met)) for slug, (whose, met) in STEPS.items()
        }
        | {"abandonner-revision": (LEAD, {422: UNDER_WAY})},
    ),
}
