"""The lines of the table about following and rating an answer."""

from answers.models import Answer, AnswerCaseState
from answers.voice.rules import confirmation_token, stop_token
from opinions.models import Recommendation
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said
from tests.factories.consultations import ReferralFactory
from tests.factories.following import FollowingFactory
from tests.security.answer_public_routes import proposal
from tests.security.routes import ANYONE, MEMBERS, SIGNED_IN, Route


def following(p):
    return FollowingFactory(pending=True, recommendation=Recommendation.objects.get(**proposal(p)))


def confirmation(p):
    return {"token": confirmation_token(following(p))}


def withdrawal(p):
    return {"token": stop_token(following(p).follower)}


def subject(p):
    return {"reference": ReferralFactory(term=p.term, working=True, published=True).reference}


def answer(p):
    case = AnswerCaseFactory(recommendation__opinion__term=p.term, state=AnswerCaseState.PUBLISHED)
    row: Answer = AnswerFactory(case=case, published=True, **said())
    return {"pk": row.pk}


ROUTES = {
    "answers:follow": Route(
        get=ANYONE, post=ANYONE, of=proposal, data={"email": "lectrice@example.org"}, crosses=True
    ),
    "answers:follow-asked": Route(get=ANYONE, of=proposal, crosses=True),
    "answers:follow-assembly": Route(get=ANYONE, post=ANYONE, data={"email": "lectrice@example.org"}),
    "answers:follow-assembly-asked": Route(get=ANYONE),
    "answers:follow-subject": Route(
        get=ANYONE, post=ANYONE, of=subject, data={"email": "lectrice@example.org"}, crosses=True
    ),
    "answers:follow-subject-asked": Route(get=ANYONE, of=subject, crosses=True),
    "answers:follow-confirm": Route(get=ANYONE, post=ANYONE, of=confirmation, crosses=True),  # signed link
    "answers:follow-stop": Route(get=ANYONE, post=ANYONE, of=withdrawal, crosses=True),  # signed link
    "answers:followed": Route(get=SIGNED_IN, post=SIGNED_IN),
    "answers:rate": Route(get=MEMBERS, post=MEMBERS, of=answer, data={"clarity": "4", "fidelity": "2"}),
}
