"""The page of a candidate, by the link of the mail: no account, and opening a link writes nothing."""

import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery
from assembly.notifications.registry import kinds
from draws.candidates import actions
from draws.candidates.forms import initial_of
from draws.candidates.rules import code_token, guardian_token, news_token, page_token
from draws.models import Candidate, CandidateState, NextCallAddress
from tests.draws.typed import recorded
from tests.factories.candidates import CallFactory, CandidateFactory, NextCallAddressFactory
from tests.factories.institution import CantonFactory

pytestmark = pytest.mark.django_db


def page(row, name="candidate-page"):
    return reverse(f"draws:{name}", args=[page_token(row)])


def corrected(row, **changed):
    """Return the data that the form posts."""
    told = {name: value for name, value in initial_of(row).items() if value not in (None, False)}
    return told | {"birth_date": row.birth_date.isoformat(), "version": actions.version_of(row)} | changed


@pytest.fixture
def row():
    return CandidateFactory()


def test_opening_a_link_writes_nothing(client):
    row = CandidateFactory(unconfirmed=True)
    for name, status in (
        ("candidate-page", 200),
        ("personal-correct", 302),
        ("personal-withdraw", 302),
        ("personal-data", 302),
    ):
        assert client.get(page(row, name)).status_code == status
        assert client.head(page(row, name)).status_code == status
    row.refresh_from_db()
    assert row.state == CandidateState.UNCONFIRMED
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("in_pool", "vous y participez"),
        ("drawn", "Le sort vous a désigné"),
        ("alternate", "ne vous a pas donné de siège"),
        ("not_drawn", "Le sort ne vous a pas désigné"),
    ],
)
def test_around_the_draw_the_page_says_in_a_sentence_where_one_stands(state, words, client):
    row = CandidateFactory(eligible=True)
    Candidate.objects.filter(pk=row.pk).update(state=state)
    shown = client.get(page(row)).text
    assert (words in shown, page(row, "personal-withdraw") in shown) == (True, state != "not_drawn")
    assert "Renoncer à siéger" in client.get(page(row, "personal-withdraw")).text


def test_the_link_confirms_by_one_button(client):
    row = CandidateFactory(unconfirmed=True)
    for _click in range(2):
        assert client.post(page(row, "candidate-confirm")).status_code == 302
    row.refresh_from_db()
    assert row.state == CandidateState.SUBMITTED
    assert list(Entry.objects.values_list("event_type", flat=True)) == ["candidate.confirmed"]


def test_a_withdrawn_candidature_is_not_confirmed_by_an_old_link(client):
    row = CandidateFactory(unconfirmed=True)
    Candidate.objects.filter(pk=row.pk).update(state=CandidateState.WITHDRAWN)  # by the team
    client.post(page(row, "candidate-confirm"))
    row.refresh_from_db()
    assert row.state == CandidateState.WITHDRAWN


def test_forged_links_open_nothing(row, client):
    other = CandidateFactory(call=row.call)
    token = page_token(row)
    signature = token.rpartition(":")[2]
    forged = [f"{other.public_id.hex}:{signature}", "x", "é:é", code_token(row), guardian_token(row), f"{token}x"]
    for name in ("candidate-page", "personal-correct", "personal-withdraw", "personal-data"):
        for made_up in forged:
            assert client.get(reverse(f"draws:{name}", args=[made_up])).status_code == 404
    for made_up in forged:
        assert client.post(reverse("draws:personal-withdraw", args=[made_up])).status_code == 404
    assert Candidate.objects.filter(state=CandidateState.SUBMITTED).count() == 2


def test_a_foreign_page_cannot_withdraw(row):
    assert Client(enforce_csrf_checks=True).post(page(row, "personal-withdraw")).status_code == 403


def test_corrections_are_kept_and_journalled_without_words(row, client):
    needs = ["sign_language"]
    sent = client.post(page(row, "personal-correct"), corrected(row, last_name="Zyxwvut", needs=needs))
    assert (sent.status_code, sent.url) == (302, page(row))
    assert "Zyxwvut" in client.get(sent.url).text
    assert "langue des signes" in client.get(sent.url).text
    [entry] = Entry.objects.filter(event_type="candidate.corrected")
    assert "Zyxwvut" not in json.dumps(entry.facts)


def test_an_accent_in_two_signs_is_composed(row, client):
    client.post(page(row, "personal-correct"), corrected(row, first_name="Ele\u0301a"))
    row.refresh_from_db()
    assert row.first_name == "El\u00e9a"


def test_what_was_examined_is_examined_again(client):
    row = CandidateFactory(eligible=True)
    client.post(page(row, "personal-correct"), corrected(row, phone="06 39 98 11 11"))
    row.refresh_from_db()
    assert row.state == CandidateState.ELIGIBLE
    client.post(page(row, "personal-correct"), corrected(row, city="Toulouse"))
    row.refresh_from_db()
    assert (row.state, row.verdict, row.decided_by, row.is_canton_checked) == ("submitted", "", None, False)


def test_a_correction_that_came_too_late_loses_nothing_that_was_typed(row, client, people):
    typed = corrected(row, first_name="Élodie")
    Candidate.objects.filter(pk=row.pk).update(phone="06 39 98 22 22")
    refused = client.post(page(row, "personal-correct"), typed)
    assert refused.status_code == 422
    assert "Élodie" in refused.text
    assert "a changé depuis" in refused.text


@pytest.mark.parametrize("state", CandidateState.tagged("listed"))
def test_after_the_freeze_the_page_is_read_only(row, client, state):
    Candidate.objects.filter(pk=row.pk).update(state=state)
    assert client.get(page(row)).status_code == 200
    for name in ("personal-correct", "personal-withdraw"):
        assert client.post(page(row, name), corrected(row, first_name="X")).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.first_name) == (state, "Rosa")


def test_everything_that_is_held_is_given(client):
    canton = CantonFactory(name="Auterive")
    row = actions.apply(CallFactory(), recorded(canton, needs=["childcare"]), ip="192.0.2.1")
    actions.confirm_candidature(row)
    given = client.get(page(row, "personal-data"))
    assert "attachment" in given.headers["Content-Disposition"]
    told = json.loads(given.text)
    assert told["last_name"] == "Vanuxem"
    assert told["canton"] == "Auterive"
    assert told["needs"] == ["garde d’enfants"]
    assert told["erase_on"] == row.erase_on.isoformat()


def test_private_pages_are_kept_nowhere(row, client):
    for name in ("candidate-page", "personal-correct", "personal-data"):
        assert "no-store" in client.get(page(row, name)).headers["Cache-Control"]
    assert not [key for key in cache._cache.get_client().keys("*") if b"candidature" in key]


# Minors


def test_a_guardian_is_asked_once_the_minor_confirmed_and_agrees_by_one_button(client):
    row = CandidateFactory(unconfirmed=True, minor=True)
    client.post(page(row, "candidate-confirm"))
    delivery = Delivery.objects.get()
    assert kinds[delivery.distribution.kind].mailbox(delivery) == ("", "odile.vidal@example.org")
    address = reverse("draws:guardian", args=[guardian_token(row)])
    assert "Autoriser" in client.get(address).text
    row.refresh_from_db()
    assert row.guardian_agreed_on is None
    for _click in range(2):
        assert client.post(address).status_code == 200
    row.refresh_from_db()
    assert row.guardian_agreed_on is not None
    assert kinds[delivery.distribution.kind].mailbox(delivery) is None


def test_the_link_of_a_guardian_dies_when_another_one_is_named(client):
    row = CandidateFactory(minor=True)
    old = reverse("draws:guardian", args=[guardian_token(row)])
    client.post(page(row, "personal-correct"), corrected(row, guardian_email="autre@example.org"))
    assert client.post(old).status_code == 410
    row.refresh_from_db()
    assert row.guardian_agreed_on is None
    assert row.guardian_email == "autre@example.org"


def test_a_minor_cannot_agree_for_the_guardian(client):
    row = CandidateFactory(minor=True)
    assert client.post(reverse("draws:guardian", args=[page_token(row)])).status_code == 404


# The next call


def test_one_click_erases_an_address_of_the_next_call():
    row = NextCallAddressFactory()
    address = reverse("draws:news-stop", args=[news_token(row)])
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(address).status_code == 200
    assert NextCallAddress.objects.exists()
    for _click in range(2):
        assert browser.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not NextCallAddress.objects.exists()
    assert browser.post(reverse("draws:news-stop", args=["x:y"])).status_code == 404


def test_mail_that_waits_for_somebody_who_left_is_dropped(row, people):
    actions.send_link_again(row, by=people["officer"])
    delivery = Delivery.objects.get()
    kind = kinds[delivery.distribution.kind]
    assert kind.mailbox(delivery) == ("", row.email)
    assert kind.context(delivery.distribution, delivery)["code"] == ""
    Candidate.objects.filter(pk=row.pk).update(state=CandidateState.WITHDRAWN)
    assert kind.mailbox(delivery) is None
