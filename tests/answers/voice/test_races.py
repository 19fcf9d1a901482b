"""At the same moment, each with their own connection: one rating, one mail, and nobody is written to who left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from answers.models import AnswerRating, Follower, Following, ProposalEventKind, ProposalNews, RatingTotal
from answers.voice import actions as voice
from answers.voice.rules import QUIET
from assembly.identity.models import User
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, DeliveryState, LocalMessage
from tests.answers.voice.test_following import proposal
from tests.answers.voice.test_ratings import members, published
from tests.factories.following import FollowerFactory, FollowingFactory
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 5


def of_user(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def row(people):
    return proposal(people)


def test_a_confirmation_and_a_withdrawal_leave_nobody_half_there(row):
    for _ in range(TIMES):
        one = FollowingFactory(recommendation=row, pending=True)
        found = together(lambda: voice.confirm_following(one), lambda: voice.stop_following(one.follower))  # noqa: B023 -- at once
        assert found[0] in {True, False}
        assert not Follower.objects.exists()
        assert not Following.objects.exists()


def test_one_address_asked_at_once_from_two_windows_is_one_follower(row):
    acts = [lambda ip=ip: voice.ask(row, "jeanne@example.org", ip=ip) for ip in ("192.0.2.1", "192.0.2.2")]
    together(*acts)
    assert (Follower.objects.count(), Following.objects.count()) == (1, 1)
    assert Delivery.objects.count() == 1


def test_two_happenings_and_two_clocks_write_once(people, row):
    follower = FollowerFactory()
    rows = [row, *(proposal(people) for _ in range(3))]
    for one in rows:
        FollowingFactory(follower=follower, recommendation=one)

    def happen(one):
        ProposalNews.objects.create(
            recommendation=one,
            kind=ProposalEventKind.ANSWERED,
            happened_at=timezone.now() - QUIET - timedelta(minutes=1),
        )

    def clock():
        return voice.send_proposal_news(timezone.now())

    together(*(lambda one=one: happen(one) for one in rows), clock, clock)
    clock()
    assert not ProposalNews.objects.filter(sent_at=None).exists()
    told = [pk for context in Delivery.objects.values_list("context", flat=True) for pk in context["news"]]
    assert sorted(told) == sorted(ProposalNews.objects.values_list("pk", flat=True))


def test_whoever_withdraws_while_the_mail_leaves_gets_it_before_or_not_at_all(row, settings):
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
    for _ in range(TIMES):
        one = FollowingFactory(recommendation=row)
        ProposalNews.objects.create(
            recommendation=row,
            kind=ProposalEventKind.ANSWERED,
            happened_at=timezone.now() - QUIET - timedelta(minutes=1),
        )
        voice.send_proposal_news(timezone.now())
        together(lambda: sending.run(0), lambda: voice.stop_following(one.follower))  # noqa: B023 -- at once
        sent = LocalMessage.objects.count()
        sending.run(0)
        assert LocalMessage.objects.count() == sent
    assert not Delivery.objects.filter(state=DeliveryState.QUEUED).exists()
    assert not Follower.objects.exists()


def test_one_member_in_two_windows_rates_once(people):
    answer, user = published(people), of_user(people["member"])
    acts = [lambda mark=mark: voice.rate(answer, clarity=mark, fidelity=mark, by=user) for mark in (1, 5)]
    assert together(*acts) == [None, None]
    assert AnswerRating.objects.count() == 1


def test_two_nights_at_once_count_once(people):
    answer = published(people)
    users = members(people, 7)
    for user in users[:5]:
        voice.rate(answer, clarity=4, fidelity=2, by=user)
    today = timezone.localdate()
    late = [lambda user=user: voice.rate(answer, clarity=1, fidelity=1, by=user) for user in users[3:]]
    found = together(lambda: voice.count_one(answer, today), lambda: voice.count_one(answer, today), *late)
    assert sorted(found[:2]) == [False, True]
    total = RatingTotal.objects.get()
    counted = AnswerRating.objects.filter(counted_clarity__isnull=False)
    assert total.count == counted.count() == 5
    assert total.clarity == sum(counted.values_list("counted_clarity", flat=True))
