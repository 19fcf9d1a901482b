"""Rating an answer in the browser: what members fill in, and what anybody reads of it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from answers.models import AnswerRating
from answers.voice import actions as voice
from assembly.jobs.models import IdempotencyKey
from tests.answers.publication.test_public import answered, one_of, opinion_of, page, revised, text, thread
from tests.answers.voice.test_ratings import loaded, members, rate_by

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def form(answer):
    return reverse("answers:rate", args=[answer.pk])


@pytest.fixture
def answer(people):
    return loaded(answered(people, one_of(opinion_of(people))))


def everywhere(browser, answer):
    """Return each public page as bytes."""
    opinion, row = answer.case.opinion, answer.case.recommendation
    places = [page(opinion), thread(row), reverse("answers:thread-feed", args=[row.reference]), "/"]
    cache.clear()
    return [browser.get(place).content for place in places]


def test_a_member_rates_and_changes_their_mind(answer, people, signed_in):
    browser = signed_in("member")
    assert reverse("answers:rate", args=[answer.pk]) in browser.get(thread(answer.case.recommendation)).text
    shown = browser.get(form(answer)).text
    assert "avec une clé absente de la base de données" in shown
    sent = browser.post(form(answer), {"clarity": "4", "fidelity": "2"})
    assert (sent.status_code, sent.url) == (302, thread(answer.case.recommendation))
    assert "pouvez changer votre note" in browser.get(form(answer)).text
    browser.post(form(answer), {"clarity": "1", "fidelity": "1"})
    assert list(AnswerRating.objects.values_list("clarity", "fidelity")) == [(1, 1)]
    assert not IdempotencyKey.objects.filter(owner=str(people["member"].pk)).exists()


def test_what_is_no_mark_is_refused_and_kept(answer, signed_in):
    browser = signed_in("member")
    for data in ({}, {"clarity": "6", "fidelity": "3"}, {"clarity": str(2**63), "fidelity": "é"}, {"clarity": "3"}):
        assert browser.post(form(answer), data).status_code == 422
    assert not AnswerRating.objects.exists()


def test_others_may_not(answer, people, client, signed_in):
    for who, status in (("officer", 403), ("dir_contact", 403), (people.elsewhere("member"), 404)):
        assert signed_in(who).post(form(answer), {"clarity": "4", "fidelity": "2"}).status_code == status
    assert client.get(form(answer)).status_code == 302
    assert "Noter cette réponse" not in text(client, thread(answer.case.recommendation))


def test_a_version_that_was_revised_meanwhile_is_not_rated(answer, signed_in):
    browser = signed_in("member")
    revised(answer)
    assert browser.post(form(answer), {"clarity": "4", "fidelity": "2"}).status_code == 409


def test_nothing_anybody_reads_changes_before_five(answer, people, client):
    before, users = everywhere(client, answer), members(people, 9)
    rate_by(users[:4], answer)
    voice.count_all(TODAY)
    assert everywhere(client, answer) == before
    rate_by(users[4:5], answer)
    assert everywhere(client, answer) == before
    voice.count_all(TODAY)
    told = everywhere(client, answer)
    assert ["membres l’ont notée" in content.decode() for content in told] == [True, True, True, False]
    rate_by(users[5:], answer)
    rate_by(users[:5], answer, clarity=1)
    voice.count_all(TODAY + timedelta(days=1))
    assert everywhere(client, answer) == told


def test_each_version_keeps_its_own(answer, people, client):
    rate_by(members(people, 5), answer)
    voice.count_all(TODAY)
    second = loaded(revised(answer))
    row = answer.case.recommendation
    assert "pas encore" in text(client, thread(row))
    assert "Ce que les membres pensent de la réponse" in text(client, thread(row))
    rate_by(members(people, 5), second, clarity=1, fidelity=1)
    voice.count_all(TODAY)
    shown = text(client, thread(row))
    assert "clarté 4,0 sur 5" in shown
    assert "clarté 1,0 sur 5" in shown
