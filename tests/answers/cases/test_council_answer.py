"""What anybody is told of the answers to an opinion, in one sentence."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from answers.cases.queries import council_answer, with_answers
from answers.models import AnswerCaseState
from consultations.models import ReferralState
from opinions.models import Opinion
from tests.factories.answers import AnswerCaseFactory
from tests.factories.consultations import ReferralFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
S = AnswerCaseState


def told(opinion):
    return council_answer(with_answers(Opinion.objects.filter(pk=opinion.pk)).get())


def owed(opinion, state, *, due=30, answered=False):
    today = timezone.localdate()
    return AnswerCaseFactory(
        recommendation=RecommendationFactory(opinion=opinion, numbered=True),
        state=state,
        opened_on=today - timedelta(days=200),
        due_on=today + timedelta(days=due),
        answered_on=today if answered else None,
    )


def test_the_sentence_follows_the_files(people):
    opinion = OpinionFactory(term=people.term, state="published")
    assert told(opinion) == "On attend la réponse du Conseil départemental."
    owed(opinion, S.CANCELLED)
    assert told(opinion) == "On attend la réponse du Conseil départemental."
    owed(opinion, S.PUBLISHED, answered=True)
    assert told(opinion) == "Le Conseil départemental a répondu."
    owed(opinion, S.ASSIGNED, answered=True)  # revised: the former answer stands
    assert told(opinion) == "Le Conseil départemental a répondu."
    owed(opinion, S.AWAITING)
    given = "Le Conseil départemental a donné 2 réponses sur 3. La dernière est attendue avant le"
    assert told(opinion).startswith(given)
    owed(opinion, S.AWAITING, due=-2)
    late = "Le Conseil départemental a donné 2 réponses sur 4. La suivante était attendue le"
    assert told(opinion).startswith(late)


def test_the_state_of_a_referral_that_is_not_published_is_not_told(people):
    hidden = ReferralFactory(term=people.term, state=ReferralState.ANSWERED)
    shown = ReferralFactory(term=people.term, state=ReferralState.ANSWERED, published=True)
    first, second = (OpinionFactory(term=people.term, state="published", referral=one) for one in (hidden, shown))
    assert told(first) == "On attend la réponse du Conseil départemental."
    assert told(second) == "Le Conseil départemental a répondu."


def test_the_public_pages_say_it(people, client):
    opinion = OpinionFactory(term=people.term, state="published")
    owed(opinion, S.AWAITING)
    for address in (reverse("opinions:public", args=[opinion.reference]), "/"):
        assert "doit répondre avant le" in client.get(address).text, address
