"""The lines of the table about answers as anybody reads them."""

from answers.models import AnswerCaseState, AnswerValue
from opinions.models import OpinionState
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.security.routes import ANYONE, Route


def proposal(p):
    opinion = OpinionFactory(term=p.term, state=OpinionState.PUBLISHED)
    row = RecommendationFactory(opinion=opinion, numbered=True)
    case = AnswerCaseFactory(recommendation=row, state=AnswerCaseState.PUBLISHED)
    for number, value in enumerate((AnswerValue.ACCEPTED_IN_PART, AnswerValue.REJECTED), start=1):
        AnswerFactory(case=case, number=number, published=True, **said(value))
    return {"reference": row.reference}


def answered_opinion(p):
    return {"reference": proposal(p)["reference"].rpartition("-")[0]}


ROUTES = {
    "answers:thread": Route(get=ANYONE, of=proposal, crosses=True),  # anybody reads what is published
    "answers:thread-feed": Route(get=ANYONE, of=proposal, crosses=True),
    "answers:thread-card": Route(get=ANYONE, of=proposal, crosses=True),
    "answers:table": Route(get=ANYONE, of=answered_opinion, crosses=True),
    "answers:table-json": Route(get=ANYONE, of=answered_opinion, crosses=True),
}
