"""Rights on the bureau's board of answers: read by expectations.py, one line a route."""

from answers.models import AnswerCaseState
from tests.answers.stage import answered_by
from tests.security.answer_directorate_routes import answer_case_at
from tests.security.routes import TEAM, Route

S = AnswerCaseState


def ticked(p):
    return {"ligne": [answered_by(p, S.DECIDED).pk], "acte": "publier"}


def answered_opinion(p):
    return {"pk": answered_by(p, S.PUBLISHED).opinion.pk}


ROUTES = {
    "answers:desk": Route(get=TEAM),
    "answers:desk-export": Route(get=TEAM),
    # An officer is refused by the step, the lead publishes.
    "answers:desk-chosen": Route(get=TEAM, post="lead", data=ticked),
    "answers:desk-case": Route(get=TEAM, of=answer_case_at(S.ASSIGNED)),
    "answers:desk-history": Route(get=TEAM, of=answer_case_at(S.ASSIGNED)),
    "answers:desk-table": Route(get=TEAM, post="lead", of=answered_opinion),
    "answers:desk-step": Route(get=TEAM, post=TEAM, of=answer_case_at(S.ASSIGNED, slug="relancer")),
}
