"""« Suivre cette proposition » in the browser: no account, no script, links that write nothing when opened."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from answers.models import Follower, Following
from answers.voice import actions as voice
from answers.voice.rules import CONFIRMED_WITHIN, confirmation_token, stop_token
from assembly.jobs.models import IdempotencyKey
from assembly.notifications.models import Delivery
from opinions.models import Recommendation
from tests.answers.publication.test_public import one_of, opinion_of, readable, thread
from tests.answers.voice.test_following import of_group, proposal, whole
from tests.factories.following import FollowerFactory, FollowingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(people):
    return one_of(opinion_of(people))


def follow(row):
    return reverse("answers:follow", args=[row.reference])


def confirm(one):
    return reverse("answers:follow-confirm", args=[confirmation_token(one)])


def stop(follower):
    return reverse("answers:follow-stop", args=[stop_token(follower)])


def test_from_the_thread_to_the_confirmation(row, client):
    assert follow(row) in client.get(thread(row)).text
    assert client.get(follow(row)).status_code == 200
    sent = client.post(follow(row), {"email": "jeanne@example.org"})
    assert (sent.status_code, sent.url) == (302, reverse("answers:follow-asked", args=[row.reference]))
    assert "jeanne" not in client.get(sent.url).text
    one = Following.objects.get()
    assert client.get(confirm(one)).status_code == 200
    assert client.head(confirm(one)).status_code == 200
    assert not Following.objects.confirmed().exists()
    assert client.post(confirm(one)).status_code == 200
    assert client.post(confirm(one)).status_code == 200
    assert Following.objects.confirmed().count() == 1
    assert not IdempotencyKey.objects.exists()


def test_an_opinion_answered_as_a_whole_has_the_same_pages(people, client, signed_in):
    opinion = whole(people).whole_of
    assert follow(opinion) in client.get(thread(opinion)).text
    assert "Suivre cet avis" in client.get(follow(opinion)).text
    client.post(follow(opinion), {"email": "jeanne@example.org"})
    one = Following.objects.get()
    assert "Vous suivez cet avis" in client.post(confirm(one)).text
    page = stop(one.follower)
    assert opinion.title in readable(client.get(page).text)
    client.post(page, {"proposition": opinion.reference})
    assert not Follower.objects.exists()
    browser = signed_in("member")
    browser.post(follow(opinion))
    assert opinion.reference in browser.get(reverse("answers:followed")).text
    browser.post(follow(opinion), {"arret": "1"})
    assert opinion.reference not in browser.get(reverse("answers:followed")).text
    assert signed_in("lead").get(reverse("answers:desk-case", args=[opinion.answer_case.pk])).status_code == 200


def test_the_answer_is_the_same_whether_the_address_follows(row, client):
    one = FollowingFactory(recommendation=row)
    answers = [client.post(follow(row), {"email": email}) for email in (one.follower.address, "autre@example.org")]
    assert len({(answer.status_code, answer.url, answer.content) for answer in answers}) == 1
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    "email",
    ["", "jeanne", "a@b", "a\n@example.org", "a@example.org\nBcc: b@c.fr", "x" * 300 + "@e.fr"],
)
def test_odd_addresses_are_refused_and_kept_on_the_page(row, client, email):
    sent = client.post(follow(row), {"email": email})
    assert sent.status_code == 422
    assert not Follower.objects.exists()


def test_too_many_is_a_plain_sentence(row, client):
    for number in range(20):
        client.post(follow(row), {"email": f"inconnu{number}@example.org"})
    refused = client.post(follow(row), {"email": "autre@example.org"})
    assert refused.status_code == 422
    assert "Trop de demandes de suivi pour le moment" in refused.text


def test_a_foreign_page_cannot_post_the_form(row):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(follow(row), {"email": "jeanne@example.org"}).status_code == 403


def test_what_is_no_longer_in_the_opinion_is_not_followed(row, client):
    Recommendation.objects.filter(pk=row.pk).update(state="removed")
    assert client.get(follow(row)).status_code == 404
    assert follow(row) not in client.get(thread(row)).text


# Links


def test_forged_links_open_nothing(row, client):
    one = FollowingFactory(recommendation=row, pending=True)
    good = confirmation_token(one)
    name, _, signature = good.rpartition(":")
    forged = [
        f"{one.pk + 1}-{name.partition('-')[2]}:{signature}",
        f"{name}:x",
        "x",
        "é:é",
        stop_token(one.follower),
    ]
    for token in forged:
        assert client.post(reverse("answers:follow-confirm", args=[token])).status_code == 404
        if token != forged[-1]:
            assert client.post(reverse("answers:follow-stop", args=[token])).status_code == 404
    assert client.post(reverse("answers:follow-stop", args=[good])).status_code == 404
    assert not Following.objects.confirmed().exists()
    assert Follower.objects.exists()


def test_an_old_link_is_dead(row, client):
    one = FollowingFactory(recommendation=row, pending=True, asked_at=timezone.now() - CONFIRMED_WITHIN)
    assert client.get(confirm(one)).status_code == 404
    assert client.post(confirm(one)).status_code == 404


def test_a_link_replayed_after_the_withdrawal_brings_nobody_back(row, client, people):
    one = FollowingFactory(recommendation=row, pending=True)
    link = confirm(one)
    client.post(link)
    client.post(stop(one.follower))
    assert client.post(link).status_code == 404
    voice.ask(row, people["member"].email, ip="192.0.2.1")
    other = Following.objects.get()
    link = confirm(other)
    client.post(link)
    client.post(stop(other.follower))
    assert client.post(link).status_code == 404
    assert not Following.objects.confirmed().exists()


def test_one_click_of_the_mail_program_needs_no_page(row, people):
    follower = FollowerFactory()
    for one in (row, proposal(people)):
        FollowingFactory(follower=follower, recommendation=one)
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(stop(follower)).status_code == 200
    assert Following.objects.count() == 2
    for _ in range(2):
        assert browser.post(stop(follower), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()


def test_the_page_stops_one(row, people, client):
    follower, other = FollowerFactory(), one_of(row.opinion, 2)
    for one in (row, other):
        FollowingFactory(follower=follower, recommendation=one)
    shown = client.get(stop(follower)).text
    assert follower.address not in shown
    assert re.findall(r'name="proposition" value="([^"]+)"', shown) == [row.reference, other.reference]
    client.post(stop(follower), {"proposition": row.reference})
    assert list(Following.objects.values_list("recommendation", flat=True)) == [other.pk]
    assert client.post(stop(follower), {"proposition": "rien"}).status_code == 404


# With an account


def test_one_button_for_whoever_has_an_account(row, people, signed_in):
    browser = signed_in("officer")
    assert 'name="email"' not in browser.get(follow(row)).text
    browser.post(follow(row))
    assert Following.objects.confirmed().get().follower.person == people["officer"].person
    assert row.reference in browser.get(reverse("answers:followed")).text
    browser.post(follow(row), {"arret": "1"})
    assert not Following.objects.confirmed().exists()


def test_members_stop_what_their_group_wrote(people, signed_in):
    row, browser = of_group(people), signed_in("member")
    assert reverse("answers:followed") in browser.get(reverse("notifications:preferences")).text
    assert row.reference in browser.get(reverse("answers:followed")).text
    assert "Vous suivez cette proposition" in browser.get(follow(row)).text
    browser.post(reverse("answers:followed"), {"proposition": row.reference})
    assert "Vous ne suivez rien" in browser.get(reverse("answers:followed")).text
    browser.post(reverse("answers:followed"))
    assert "Vous ne suivez rien" in browser.get(reverse("answers:followed")).text


# The feed


def test_a_reader_that_asks_again_and_again_gets_no_words(row, client, settings):
    settings.PUBLIC_PAGE_SECONDS = 60
    feed = reverse("answers:thread-feed", args=[row.reference])
    first = client.get(feed)
    again = client.get(feed, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(feed, headers={"If-None-Match": "W/" + first.headers["ETag"]}).status_code == 304
