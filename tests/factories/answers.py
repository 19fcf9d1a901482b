"""Answer cases in any state and versions of answers: the state gives the columns that it asks for."""

from datetime import timedelta

import factory
from django.utils import timezone

from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue, DecisionSource, RejectionCategory
from tests.factories.identity import UserFactory
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.factories.traits import Trait

S = AnswerCaseState
WORDS = "Le Département met cette mesure en place dans les trente cantons dès la rentrée prochaine."
# What each value asks for besides the words.
OF_VALUE = {
    AnswerValue.ACCEPTED_IN_PART: {"retained": "Les bus du soir.", "left_out": "Les bus de nuit."},
    AnswerValue.ALREADY_DONE: {"proof": "Le guichet de Muret est ouvert."},
    AnswerValue.PASSED_ON: {"passed_to": "la Région Occitanie", "letter": "lettre du 3 mars 2026"},
    AnswerValue.REJECTED: {"category": RejectionCategory.COST},
}


def said(value=AnswerValue.ACCEPTED, **words):
    """Return all fields that an answer of this value needs."""
    today = timezone.localdate()
    days = {
        AnswerValue.ALREADY_DONE: {"done_since": today - timedelta(days=400)},
        AnswerValue.UNDER_STUDY: {"review_on": today + timedelta(days=200)},
    }
    return {"value": value, "body": WORDS, **OF_VALUE.get(value, {}), **days.get(value, {}), **words}


class AnswerCaseFactory(factory.django.DjangoModelFactory):
    """Of a recommendation of a published opinion. Traits: whole (of an opinion without any). Any `state` stands."""

    class Meta:
        model = AnswerCase

    class Params:
        whole = Trait(recommendation=None, whole_of=factory.SubFactory(OpinionFactory, state="published"))

    recommendation = factory.SubFactory(RecommendationFactory, numbered=True, opinion__state="published")
    state = S.AWAITING
    opened_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    due_on = factory.LazyAttribute(lambda case: case.opened_on + timedelta(days=180))

    @factory.lazy_attribute
    def assigned_at(self):
        return timezone.now() if self.state in S.tagged("under_way") else None

    @factory.lazy_attribute
    def assigned_by(self):
        return UserFactory() if self.state in S.tagged("under_way") else None

    @factory.lazy_attribute
    def directorate(self):
        opinion = self.recommendation.opinion if self.recommendation else self.whole_of
        return DirectorateFactory(assembly=opinion.term.assembly) if self.state in S.tagged("under_way") else None

    @factory.lazy_attribute
    def submitted_at(self):
        return timezone.now() if self.state in S.tagged("sent") else None

    @factory.lazy_attribute
    def submitted_by(self):
        return UserFactory() if self.state in S.tagged("sent") else None

    @factory.lazy_attribute
    def validated_at(self):
        return timezone.now() if self.state in S.tagged("signed") else None

    @factory.lazy_attribute
    def validated_by(self):
        return UserFactory() if self.state in S.tagged("signed") else None

    @factory.lazy_attribute
    def question(self):
        return "Le coût est-il tenable ?" if self.state == S.ARBITRATION else ""

    @factory.lazy_attribute
    def answered_on(self):
        return timezone.localdate() if self.state == S.PUBLISHED else None

    @factory.lazy_attribute
    def cancelled_at(self):
        return timezone.now() if self.state == S.CANCELLED else None


class AnswerFactory(factory.django.DjangoModelFactory):
    """An empty draft. Traits: written, sent, decided, published; `value` says which answer."""

    class Meta:
        model = Answer

    class Params:
        published = Trait(
            decided=True,
            published_at=factory.LazyFunction(timezone.now),
            published_by=factory.SubFactory(UserFactory),
            case__state=S.PUBLISHED,
        )
        decided = Trait(
            sent=True,
            source=DecisionSource.VISA,
            decided_on=factory.LazyFunction(timezone.localdate),
            decided_by=factory.SubFactory(UserFactory),
        )
        sent = Trait(written=True, is_sent=True)
        written = Trait(value=AnswerValue.ACCEPTED, body=WORDS)

    case = factory.SubFactory(AnswerCaseFactory, state=S.ASSIGNED)
    number = factory.LazyAttribute(lambda answer: answer.case.answers.count() + 1)


def answer_in(case, value=AnswerValue.ACCEPTED, **facts):
    """Return the answer that a case of this state has: a draft, sent, decided or published."""
    told = {"sent": case.state in S.tagged("sent"), "decided": case.state == S.DECIDED} | facts
    if case.state == S.PUBLISHED:
        return AnswerFactory(case=case, published=True, **said(value))
    return AnswerFactory(case=case, **told, **said(value))
