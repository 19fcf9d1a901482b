"""A personal link of a candidature belongs to the address that it was sent to, and mail that it causes is counted."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.composing import email_message
from assembly.notifications.models import Delivery
from assembly.notifications.registry import kinds
from draws.candidates import actions
from draws.candidates.actions import erase_one
from draws.candidates.forms import initial_of
from draws.candidates.rules import code_token, confirmation_code, entry_token, guardian_token, page_token
from draws.models import Candidate, DrawState, NextCallAddress
from tests.browsing import StrictClient
from tests.draws.stage import draw_in
from tests.draws.typed import answers
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.institution import CantonFactory

pytestmark = pytest.mark.django_db
PAGES = ("candidate-page", "personal-correct", "personal-withdraw", "personal-data")
STRANGER, TRUE = "etrangere@example.org", "rosa@example.org"


def page(token, name="candidate-page"):
    return reverse(f"draws:{name}", args=[token])


def corrected(row, **changed):
    told = {name: value for name, value in initial_of(row).items() if value not in (None, False)}
    return told | {"birth_date": row.birth_date.isoformat(), "version": actions.version_of(row)} | changed


def mails():
    """Return kind, address and text of every message that would be sent now."""
    found = []
    for delivery in Delivery.objects.select_related("distribution").order_by("pk"):
        kind = kinds[delivery.distribution.kind]
        if (mailbox := kind.mailbox(delivery)) is not None:
            delivery.address = mailbox[1]
            found.append((kind.kind, mailbox[1], email_message(delivery).body))
    return found


def token_in(words):
    return re.search(r"/candidature/([^/\s]+)/", words)[1]


def by_team(row, people, **changed):
    officer = people.ready(people["officer"])
    row.refresh_from_db()
    actions.correct(
        row, {**initial_of(row), "canton": row.canton, **changed}, version=actions.version_of(row), by=officer
    )


def test_the_link_of_a_corrected_address_opens_nothing(client, people):
    row = CandidateFactory(call__term=people.term, email=STRANGER)
    row.needs.create(kind="sign_language")
    old = page_token(row)
    assert "langue des signes" in client.get(page(old)).text
    by_team(row, people, email=TRUE)
    for name in PAGES:
        answer = client.get(page(old, name))
        assert (answer.status_code, "langue des signes" in answer.text) == (410, False)
    assert client.post(page(old, "personal-withdraw")).status_code == 410
    assert client.post(page(old, "personal-correct"), corrected(row, email=STRANGER)).status_code == 410
    assert client.post(page(old, "candidate-confirm")).status_code == 410
    row.refresh_from_db()
    assert (row.state, row.email, row.confirmed_email) == ("submitted", TRUE, "")
    assert STRANGER not in old


def test_a_new_address_is_confirmed_before_anything_else_goes_there(client, people):
    row = CandidateFactory(call__term=people.term, email=STRANGER)
    by_team(row, people, email=TRUE)
    [(kind, address, words)] = mails()
    assert (kind, address) == ("candidate-link", TRUE)
    assert confirmation_code(row) in words
    assert all(name not in words for name in (row.first_name, row.last_name, row.reference))
    token = token_in(words)
    shown = client.get(page(token)).text
    assert "Confirmer votre adresse" in shown
    assert row.last_name not in shown
    for name in ("personal-correct", "personal-withdraw", "personal-data"):
        assert client.get(page(token, name)).url == page(token)
    assert client.post(page(token, "personal-withdraw")).status_code == 302
    row.refresh_from_db()
    assert row.state == "submitted"
    for _click in range(2):
        assert client.post(page(token, "candidate-confirm")).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_email == TRUE
    assert row.last_name in client.get(page(token)).text
    assert Entry.objects.filter(event_type="candidate.address_confirmed").count() == 1


def test_a_decision_waits_for_the_confirmation(people):
    row = CandidateFactory(call__term=people.term, eligible=True, confirmed_email="")
    actions.send_decision(row, by=people["officer"])
    assert [(kind, address) for kind, address, _words in mails()] == [("candidate-link", row.email)]
    assert "recevable" not in mails()[0][2]
    actions.confirm_candidature(row)
    assert [kind for kind, _address, _words in mails()] == ["candidate-link", "candidate-decision"]


def test_a_decision_in_the_outbox_does_not_go_to_another_address(people):
    row = CandidateFactory(call__term=people.term, eligible=True)
    actions.send_decision(row, by=people["officer"])
    Candidate.objects.filter(pk=row.pk).update(email=STRANGER)  # by whatever way
    assert mails() == []


def test_before_the_confirmation_the_first_link_only_confirms(client):
    canton = CantonFactory()
    CallFactory(term__assembly=canton.assembly)
    client.post(reverse("draws:apply-send"), answers(canton, email=STRANGER, needs=["sign_language"]))
    row = Candidate.objects.get()
    token = token_in(mails()[0][2])
    assert "langue des signes" not in client.get(page(token)).text
    for name in ("personal-correct", "personal-withdraw", "personal-data", "personal-authorisation"):
        assert client.get(page(token, name)).url == page(token)
    client.post(page(token, "personal-withdraw"))
    row.refresh_from_db()
    assert row.state == "unconfirmed"


def test_whoever_changes_their_own_address_confirms_the_new_one(client):
    row = CandidateFactory()
    old = page_token(row)
    sent = client.post(page(old, "personal-correct"), corrected(row, email=TRUE))
    row.refresh_from_db()
    assert sent.url == page(code_token(row), "apply-code")
    assert client.get(page(old)).status_code == 410
    assert client.post(sent.url, {"code": confirmation_code(row)}).url == page(page_token(row))
    row.refresh_from_db()
    assert row.has_confirmed_address
    assert client.get(page(old)).status_code == 410


def test_one_candidature_does_not_write_to_any_number_of_strangers(client):
    row = CandidateFactory(minor=True)
    token = page_token(row)
    answers_given = []
    for number in range(22):
        row.refresh_from_db()
        changed = corrected(row, guardian_email=f"inconnu{number}@example.org")
        answers_given.append(client.post(page(token, "personal-correct"), changed).status_code)
    assert answers_given == [302] * 20 + [422] * 2
    assert Delivery.objects.count() <= 20


def test_one_stranger_gets_nine_messages_an_hour_at_most_whoever_names_them(client):
    canton = CantonFactory()
    CallFactory(term__assembly=canton.assembly)
    minor = {"birth_date": f"{timezone.localdate().year - 17}-01-01", "guardian_name": "Odile Vidal"}
    call_form = answers(canton, guardian_email=STRANGER, **minor)
    codes = [
        StrictClient(REMOTE_ADDR=f"192.0.2.{number}").post(
            reverse("draws:apply-send"), call_form | {"email": f"v{number}@example.org"}
        )
        for number in range(10)
    ]
    assert [answer.status_code for answer in codes] == [302] * 9 + [422]


def test_a_link_ends_on_its_day_and_a_new_one_goes_to_the_address_on_file(client):
    row = CandidateFactory()
    with time_machine.travel(timezone.now() - timedelta(days=182)):
        old = page_token(row)
    ended = client.get(page(old))
    assert ended.status_code == 410
    assert page(old, "link-renew") in ended.text
    assert client.get(page(old, "link-renew")).status_code == 405
    asked = client.post(page(old, "link-renew"))
    [(kind, address, words)] = mails()
    assert (asked.status_code, kind, address) == (200, "candidate-link", row.email)
    assert client.get(page(token_in(words))).status_code == 200


def test_the_answer_is_the_same_whatever_exists(client):
    known, erased, other = CandidateFactory.create_batch(3)
    Candidate.objects.filter(pk=other.pk).update(email=TRUE)
    with time_machine.travel(timezone.now() - timedelta(days=182)):
        tokens = [page_token(row) for row in (known, erased, other)]
    erased.delete()

    def without(token, answer):
        return (answer.status_code, re.sub(r'(value|csrf)="[^"]*"', "", answer.text.replace(token, "")))

    assert len({without(token, client.get(page(token))) for token in tokens}) == 1
    assert len({without(token, client.post(page(token, "link-renew"))) for token in tokens}) == 1
    assert sorted(address for _kind, address, _words in mails()) == sorted([known.email, TRUE])
    for token in tokens[:2]:
        statuses = [client.post(page(token, "link-renew")).status_code for _again in range(3)]
        assert statuses == [200, 200, 429]


def test_a_guardians_link_belongs_to_the_guardian_who_was_named(client, people):
    row = CandidateFactory(call__term=people.term, minor=True)
    old = guardian_token(row)
    by_team(row, people, guardian_email="autre.parent@example.org")
    assert client.post(page(old, "guardian")).status_code == 410
    row.refresh_from_db()
    assert row.guardian_agreed_on is None
    client.post(page(old, "link-renew"))
    assert mails()[-1][:2] == ("candidate-guardian", "autre.parent@example.org")


def test_the_page_of_the_frozen_list_gives_nobody_the_link_of_another_address(client, people):
    draw = draw_in(people, DrawState.FROZEN)
    entry = draw.pool.entries.select_related("candidate").first()
    old = reverse("draws:entry", args=[entry_token(entry)])
    assert client.get(old).status_code == 200
    Candidate.objects.filter(pk=entry.candidate_id).update(email=TRUE)
    answer = client.get(old)
    assert answer.status_code == 410
    assert "/candidature/" not in answer.text
    assert client.get(reverse("draws:entry", args=[entry.key])).status_code == 404


def test_an_unconfirmed_address_is_not_kept_for_the_next_call():
    for confirmed in (True, False):
        row = CandidateFactory(wants_news=True)
        if not confirmed:
            Candidate.objects.filter(pk=row.pk).update(confirmed_email="")
            row.refresh_from_db()
        erase_one(row)
    assert NextCallAddress.objects.count() == 1


def test_the_database_knows_no_confirmed_address_of_an_unconfirmed_form():
    row = CandidateFactory(unconfirmed=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=row.pk).update(confirmed_email=row.email)
