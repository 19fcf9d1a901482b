"""The team's screens of mail."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery, DeliveryState as S
from tests.factories.notifications import DeliveryFactory, DistributionFactory

pytestmark = pytest.mark.django_db

STATES = [S.SENT, S.BOUNCED, S.TO_CHECK, S.FAILED, S.QUEUED, S.IN_FLIGHT]


def page_of(distribution, **query):
    return reverse("notifications:distribution-page", args=[distribution.pk], query=query)


def many(count):
    """Make that many distributions, each with a recipient in every state."""
    rows = DistributionFactory.create_batch(count)
    for row in rows:
        for state in STATES:
            DeliveryFactory(distribution=row, state=state)
        DeliveryFactory(distribution=row, paper=True)
    return rows


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_whatever_its_length(signed_in, django_assert_num_queries, count):
    many(count)
    browser = signed_in("officer")
    browser.get("/bureau/envois/")
    with django_assert_num_queries(4):
        answer = browser.get("/bureau/envois/")
    assert answer.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_whatever_its_length(signed_in, django_assert_num_queries, count):
    distribution = DistributionFactory()
    for _ in range(count):
        for state in STATES:
            DeliveryFactory(distribution=distribution, state=state)
    browser = signed_in("officer")
    browser.get(page_of(distribution))
    with django_assert_num_queries(9):
        answer = browser.get(page_of(distribution))
    assert answer.status_code == 200


def test_list_says_where_each_one_is(signed_in):
    (row,) = many(1)
    text = signed_in("officer").get("/bureau/envois/").content.decode()
    assert row.title in text
    said = "1 sur 7 remis, 2 à envoyer, 1 à vérifier, 1 pas parti, 1 refusé, 1 lettre à imprimer"
    assert said in text.replace("\xa0", " ").replace("&nbsp;", " ")


@pytest.mark.parametrize(
    ("query", "shown"), [("?q=plénière", 1), ("?q=absent", 0), ("?nature=news", 0), ("?nature=message", 1)]
)
def test_list_is_narrowed(signed_in, query, shown):
    row = DistributionFactory(title="Convocation de la plénière")
    text = signed_in("officer").get("/bureau/envois/" + query).content.decode()
    assert (row.title in text) == bool(shown)


@pytest.mark.parametrize("tab", ["", "a-traiter", "en-cours", "remis", "lettres", "autres", "inconnu"])
def test_page_shows_the_recipients_of_a_tab(signed_in, tab):
    distribution = DistributionFactory()
    sent = DeliveryFactory(distribution=distribution, state=S.SENT)
    letter = DeliveryFactory(distribution=distribution, paper=True)
    text = signed_in("officer").get(page_of(distribution, etat=tab)).content.decode()
    assert (sent.address in text) == (tab in {"", "remis", "inconnu"})
    assert (letter.recipient_name in text) == (tab in {"", "lettres", "en-cours", "inconnu"})


def test_bar_goes_on_while_mail_leaves_and_stops_after(signed_in):
    delivery = DeliveryFactory()
    url = reverse("notifications:distribution-progress", args=[delivery.distribution_id])
    browser = signed_in("officer")
    assert "data-hx-get" in browser.get(url).content.decode()
    Delivery.objects.update(state=S.CANCELLED, next_attempt_at=None)
    assert "data-hx-get" not in browser.get(url).content.decode()


@pytest.mark.parametrize("state", STATES)
def test_page_offers_what_may_be_done_and_nothing_else(signed_in, state):
    delivery = DeliveryFactory(state=state)
    text = signed_in("officer").get(page_of(delivery.distribution)).content.decode()
    offered = {
        name
        for name in ["retry", "confirm", "send-again", "call", "write"]
        if reverse(f"notifications:delivery-{name}", args=[delivery.pk]) in text
    }
    expected = {
        S.TO_CHECK: {"confirm", "send-again"},
        S.FAILED: {"retry", "write"},
        S.BOUNCED: {"retry", "call", "write"},
    }
    assert offered == expected.get(state, set())


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("delivery-retry", S.BOUNCED, S.QUEUED),
        ("delivery-confirm", S.TO_CHECK, S.SENT),
        ("delivery-send-again", S.TO_CHECK, S.QUEUED),
    ],
)
def test_one_click_decides(signed_in, name, before, after):
    delivery = DeliveryFactory(state=before)
    answer = signed_in("officer").post(reverse(f"notifications:{name}", args=[delivery.pk]))
    assert (answer.status_code, answer.url) == (302, page_of(delivery.distribution))
    delivery.refresh_from_db()
    assert delivery.state == after


def test_letter_instead_of_a_mail(signed_in):
    delivery = DeliveryFactory(state=S.BOUNCED)
    signed_in("officer").post(reverse("notifications:delivery-write", args=[delivery.pk]))
    assert Delivery.objects.get(key=f"{delivery.key}:letter").state == S.QUEUED


def test_retry_and_stop_of_the_whole(signed_in):
    distribution = DeliveryFactory(state=S.FAILED).distribution
    browser = signed_in("officer")
    browser.post(reverse("notifications:distribution-retry", args=[distribution.pk]))
    assert Delivery.objects.get().state == S.QUEUED
    stop = reverse("notifications:distribution-stop", args=[distribution.pk])
    assert "1 envoi ne partira pas" in browser.get(stop).content.decode().replace("\xa0", " ")
    assert Delivery.objects.get().state == S.QUEUED
    browser.post(stop)
    assert Delivery.objects.get().state == S.CANCELLED


def test_second_click_of_somebody_slower_is_told_so(signed_in):
    delivery = DeliveryFactory(state=S.TO_CHECK)
    browser = signed_in("officer")
    url = reverse("notifications:delivery-confirm", args=[delivery.pk])
    browser.post(url)
    assert browser.post(url).status_code == 409


def test_proof_has_one_line_a_recipient_and_no_formula(signed_in):
    distribution = DistributionFactory()
    DeliveryFactory(distribution=distribution, state=S.SENT, digest="a" * 64, recipient_name="=cmd|'/c calc'!A1")
    DeliveryFactory(distribution=distribution, paper=True)
    answer = signed_in("officer").post(reverse("notifications:distribution-proof", args=[distribution.pk]))
    assert Entry.objects.get().event_type == "distribution.proof_read"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3 + 3, "with the note"
    assert rows[1][0] == "'=cmd|'/c calc'!A1"
    assert rows[1][-1] == "a" * 64
    assert rows[2][1:3] == ["lettre", "1 rue des Lois 31000 Toulouse"]


def test_moments_of_the_proof_list_are_dates_and_no_sentences(signed_in):
    moment = datetime(2026, 3, 28, 8, 30, 5, tzinfo=UTC)
    distribution = DistributionFactory()
    DeliveryFactory(distribution=distribution, state=S.SENT, sent_at=moment, delivered_at=moment)
    answer = signed_in("officer").post(reverse("notifications:distribution-proof", args=[distribution.pk]))
    row, *_note = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert (row["Moment"], row["Arrivé"]) == ("2026-03-28 09:30:05", "2026-03-28 09:30:05")


@pytest.mark.parametrize("who", ["facilitator", "member", "dir_contact", "dpo", "stranger"])
def test_the_room_is_closed_to_others(signed_in, who):
    """Whether it exists is not even looked up."""
    distribution = DeliveryFactory().distribution
    browser = signed_in(who)
    assert browser.get(page_of(distribution)).status_code == 403
    assert browser.get("/bureau/envois/").status_code == 403


def test_nothing_crosses_to_another_assembly(signed_in, people):
    delivery = DeliveryFactory(state=S.TO_CHECK)
    browser = signed_in(people.elsewhere("officer"))
    assert browser.get(page_of(delivery.distribution)).status_code == 404
    assert browser.post(reverse("notifications:delivery-confirm", args=[delivery.pk])).status_code == 404
    assert delivery.distribution.title not in browser.get("/bureau/envois/").content.decode()
