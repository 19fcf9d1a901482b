"""Steps of answers in the room of those who write and decide: the table of the matrix."""

from answers.models import AnswerCaseState
from tests.answers.stage import answered_by
from tests.security.steps.rule import Table

WRITERS = "dir_contact dir_approver"

TABLES = {
    "answers-room": Table(
        pages="answers:directorate-step",
        states="awaiting assigned submitted validated arbitration decided published cancelled",
        row=lambda people, state: answered_by(people, AnswerCaseState(state)),
        enters=f"president sponsor {WRITERS}",
        unseen=dict.fromkeys(WRITERS.split(), "awaiting cancelled"),  # no directorate has it
        steps={
            "envoyer": (WRITERS, {422: "assigned"}),
            "viser": ("dir_approver", {422: "submitted"}),
            "a-reprendre": ("dir_approver", {422: "submitted"}),
            "arbitrer": ("sponsor", {422: "arbitration"}),
            "renvoyer": ("sponsor", {422: "validated arbitration"}),
            "decider": ("president", {422: "validated"}),
        },
    ),
}
