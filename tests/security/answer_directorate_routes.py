"""Rights on the room of those who write and decide answers: read by expectations.py, one line a route."""

from answers.models import AnswerCaseState
from tests.answers.stage import answered_by
from tests.security.routes import DIRECTORATES, ELECTED, Route

S = AnswerCaseState


def answer_case_at(state, **more):
    """Make a case of the directorate of `dir_contact` and `dir_approver`, in that state."""
    return lambda p: {"pk": answered_by(p, state).pk, **more}


def ticked(p):
    key = answered_by(p, S.VALIDATED).pk
    return {"ligne": [key], f"version-{key}": 0}


def opinion_at(state, **more):
    return lambda p: {"pk": answered_by(p, state).opinion.pk, **more}


ROUTES = {
    # `crosses`: each reads the files of the terms and directorates where they act.
    "answers:directorate-list": Route(get=f"{DIRECTORATES} {ELECTED}", crosses=True),
    # `crosses`: without a ticked line the office of another assembly is sent back to its own list.
    "answers:directorate-decide": Route(get="president", post="president", data=ticked, crosses=True),
    # The elected read it, and write nothing in it.
    "answers:directorate-case": Route(
        get=f"{DIRECTORATES} {ELECTED}",
        post=DIRECTORATES,
        of=answer_case_at(S.ASSIGNED),
        data={"body": "Oui.", "version": 0},
    ),
    "answers:directorate-table": Route(
        get=f"{DIRECTORATES} {ELECTED}", post=DIRECTORATES, of=opinion_at(S.ASSIGNED), data={}
    ),
    "answers:directorate-table-file": Route(get=f"{DIRECTORATES} {ELECTED}", of=opinion_at(S.ASSIGNED, suffix="csv")),
    # The elected are shown nothing to keep: without it they are sent back to the page.
    "answers:directorate-table-keep": Route(post=f"{DIRECTORATES} {ELECTED}", of=opinion_at(S.ASSIGNED)),
    "answers:directorate-step": Route(
        get="dir_approver",
        post="dir_approver",
        of=answer_case_at(S.SUBMITTED, slug="a-reprendre"),
        data={"reason": "Non."},
    ),
}
