"""The lines of the table about answers as anybody reads them."""

from opinions.enums import OpinionState
from tests.factories.answers import AnswerFileFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.security.routes import ANYONE, Route


def proposal(p):
    opinion = OpinionFactory(term=p.term, state=OpinionState.PUBLISHED)
    row = RecommendationFactory(opinion=opinion, numbered=True)
    AnswerFileFactory(recommendation=row)
    return {"reference": row.reference}


ROUTES = {
    "answers:thread": Route(get=ANYONE, of=proposal, crosses=True),  # anybody reads what is published
    "answers:thread-feed": Route(get=ANYONE, of=proposal, crosses=True),
}
