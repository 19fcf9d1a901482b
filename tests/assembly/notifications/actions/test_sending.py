"""The sender against a real mail server: what is taken, refused, put off, broken, and what becomes of each."""

import os
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from assembly.config import env
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, DeliveryEvent, DeliveryState as S
from assembly.notifications.registry import kinds
from bench.sink import accepted
from tests.factories.notifications import DeliveryFactory, DistributionFactory

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def age(seconds: int) -> None:
    """Make the rows in flight that many seconds older."""
    Delivery.objects.filter(state=S.IN_FLIGHT).update(claimed_at=timezone.now() - timedelta(seconds=seconds))


def slowly(step):
    """Return the same step, delayed by the time that a server takes to close."""

    def wait(row):
        time.sleep(0.05)
        return step(row)

    return wait


def test_run_takes_every_due_mail_to_the_server_once(sink):
    server = sink()
    rows = DeliveryFactory.create_batch(3, context={"body": "Bonjour"})
    DeliveryFactory(paper=True)
    assert sending.run(0) is False
    assert states() == [S.SENT, S.SENT, S.SENT, S.QUEUED]
    assert accepted(server.log) == Counter({row.message_id: 1 for row in rows})
    first = Delivery.objects.get(pk=rows[0].pk)
    assert first.sent_at is not None
    assert len(first.digest) == 64
    assert (first.attempts, first.claimed_at, first.next_attempt_at) == (1, None, None)


def test_run_twice_sends_nothing_more(sink):
    server = sink()
    DeliveryFactory.create_batch(2)
    sending.run(0)
    sending.run(0)
    sending.run(1)
    assert sum(accepted(server.log).values()) == 2


def test_run_stops_when_its_time_is_up_and_says_so(sink):
    sink()
    DeliveryFactory.create_batch(2)
    assert sending.run(0, seconds=0) is True
    assert states() == [S.QUEUED, S.QUEUED]


def test_refused_address_is_bounced_with_the_words_of_the_server(sink):
    server = sink(lambda envelope: "refuse")
    DeliveryFactory()
    sending.run(0)
    row = Delivery.objects.get()
    assert (row.state, row.error) == (S.BOUNCED, "Le serveur a répondu : 550 5.1.1 Unknown user")
    assert row.bounced_at is not None
    assert row.sent_at is None
    assert accepted(server.log) == Counter()


def test_one_refusal_does_not_stop_the_others(sink):
    sink(lambda envelope: "refuse" if "faux@example.org" in envelope.rcpt_tos else "take")
    DeliveryFactory(address="faux@example.org")
    DeliveryFactory.create_batch(2)
    sending.run(0)
    assert states() == [S.BOUNCED, S.SENT, S.SENT]


@pytest.mark.parametrize(("failures", "seconds"), list(enumerate(sending.RETRY_DELAYS)))
def test_each_temporary_answer_waits_longer(sink, failures, seconds):
    sink(lambda envelope: "later")
    delivery = DeliveryFactory(attempts=failures)
    before = timezone.now()
    sending.run(0)
    delivery.refresh_from_db()
    assert delivery.state == S.QUEUED
    assert delivery.error == "Le serveur a répondu : 451 4.3.0 Try again later"
    assert 0 <= (delivery.next_attempt_at - before).total_seconds() - seconds < 5


def test_after_the_last_rung_a_person_decides(sink):
    sink(lambda envelope: "later")
    DeliveryFactory(attempts=len(sending.RETRY_DELAYS))
    sending.run(0)
    assert states() == [S.FAILED]


def test_server_that_is_down_puts_off_one_mail_and_leaves_the_others_alone(settings):
    line = env.mailer("smtp://127.0.0.1:9/?timeout=2")
    settings.MAILERS = {"default": line, "bulk": line}
    first, second = DeliveryFactory(), DeliveryFactory()
    assert sending.run(0) is False
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.attempts, first.error) == (1, "Le serveur de courrier est arrêté ou injoignable.")
    assert (second.state, second.attempts) == (S.QUEUED, 0)


def test_server_that_hung_up_between_two_messages_is_called_again(sink, monkeypatch):
    server = sink(lambda envelope: "take and close")
    monkeypatch.setattr(sending, "compose_message", slowly(sending.compose_message))
    DeliveryFactory.create_batch(3)
    sending.run(0)
    assert states() == [S.SENT] * 3
    assert set(accepted(server.log).values()) == {1}


@pytest.mark.parametrize("fault", ["drop", "hang", "take and drop"])
def test_broken_line_during_the_body_waits_for_the_relays_log(sink, fault, settings):
    """reliability.md F11: nobody can know at that moment; the relay's log tells, and each message arrives once."""
    settings.MAIL_SETTLE_SECONDS = 3
    faults = [fault]
    server = sink(lambda envelope: faults[0] if envelope.content is not None and faults else "take")
    delivery = DeliveryFactory()
    sending.run(0)
    assert states() == [S.IN_FLIGHT]
    assert sending.slots_to_run() == []
    faults.clear()
    age(60)
    assert sending.slots_to_run() == [0]
    sending.run(0)
    assert states() == [S.SENT]
    assert accepted(server.log) == Counter({delivery.message_id: 1})


@pytest.mark.parametrize("taken", [True, False])
def test_without_a_relays_log_what_is_uncertain_waits_for_a_person(sink, settings, taken):
    server = sink(lambda envelope: ("take and drop" if taken else "drop") if envelope.content is not None else "take")
    settings.MAIL_RELAY_LOG = ""
    DeliveryFactory()
    sending.run(0)
    age(60)
    sending.run(0)
    row = Delivery.objects.get()
    assert (row.state, row.claimed_by, row.next_attempt_at) == (S.TO_CHECK, None, None)
    assert row.error == "La liaison s’est coupée pendant la remise : le serveur a peut-être pris le message."
    assert sum(accepted(server.log).values()) == int(taken)


def test_idle_relay_is_not_taken_for_a_dead_log(sink, settings):
    """Killed before a word was said: the relay wrote nothing, and says so."""
    server = sink()
    delivery = DeliveryFactory(state=S.IN_FLIGHT)
    os.utime(server.log, (0, 0))
    sending.run(0)
    assert states() == [S.SENT]
    assert accepted(server.log) == Counter({delivery.message_id: 1})


def test_log_that_is_not_the_relays_proves_nothing(sink, settings, tmp_path):
    sink()
    stale = tmp_path / "old.log"
    stale.touch()
    os.utime(stale, (0, 0))
    settings.MAIL_RELAY_LOG_FILE = str(stale)
    DeliveryFactory(state=S.IN_FLIGHT)
    sending.run(0)
    assert states() == [S.TO_CHECK]


def test_relay_that_is_down_is_asked_later(sink):
    server = sink()
    DeliveryFactory(state=S.IN_FLIGHT)
    server.stop()
    sending.run(0)
    assert states() == [S.IN_FLIGHT]


def test_providers_events_prove_but_their_silence_does_not(sink, settings):
    sink()
    settings.MAIL_RELAY_LOG = "assembly.notifications.relay_log.ProviderEvents"
    known, silent = DeliveryFactory(state=S.IN_FLIGHT), DeliveryFactory(state=S.IN_FLIGHT)
    DeliveryEvent.objects.create(
        key="1", delivery=known, message_id=known.message_id, kind="accepted", happened_at=timezone.now()
    )
    sending.run(0)
    known.refresh_from_db()
    silent.refresh_from_db()
    assert (known.state, silent.state) == (S.SENT, S.TO_CHECK)


def test_what_a_dead_sender_left_is_settled_only_when_it_must_have_ended(sink):
    sink()
    DeliveryFactory(state=S.IN_FLIGHT, claimed_at=timezone.now())
    sending.run(0)
    assert states() == [S.IN_FLIGHT]


def test_what_was_left_in_another_slot_is_settled_by_its_next_sender(sink):
    sink()
    DeliveryFactory(state=S.IN_FLIGHT, claimed_by=7)
    assert sending.slots_to_run() == [7]
    sending.run(7)
    assert states() == [S.SENT]


@pytest.mark.django_db(transaction=True)
def test_a_held_slot_has_one_sender(sink):
    sink()
    DeliveryFactory()
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [sending.LOCK_SPACE])
        assert sending.run(0) is False
        assert states() == [S.QUEUED]
        other.execute("SELECT pg_advisory_unlock(%s, 0)", [sending.LOCK_SPACE])
        other.connection.close()
    sending.run(0)
    assert states() == [S.SENT]


def test_words_that_fail_stop_their_own_message_only(sink, monkeypatch):
    sink()
    broken = DeliveryFactory(distribution=DistributionFactory(kind="news"))
    DeliveryFactory()
    monkeypatch.setattr(type(kinds["news"]), "context", lambda *_: 1 / 0)
    sending.run(0)
    broken.refresh_from_db()
    assert (broken.state, broken.error) == (
        S.FAILED,
        "Le message n’a pas pu être préparé : l’équipe technique est prévenue.",
    )
    assert states() == [S.FAILED, S.SENT]


@pytest.mark.parametrize(
    "address", ["pas une adresse", "a@b\nBcc: victime@example.org", "a@example.org, b@example.org", ""]
)
def test_address_that_cannot_be_one_is_never_tried(sink, address):
    server = sink()
    DeliveryFactory(address=address)
    sending.run(0)
    assert states() == [S.BOUNCED]
    assert accepted(server.log) == Counter()


def test_a_message_whose_recipient_cannot_be_checked_stays(sink, monkeypatch):
    server = sink()
    monkeypatch.setattr(type(kinds["news"]), "mailbox", lambda *_: 1 / 0)
    DeliveryFactory(distribution=DistributionFactory(kind="news"))
    sending.run(0)
    assert states() == [S.FAILED]
    assert accepted(server.log) == Counter()


def test_secret_link_is_forgotten_once_dropped(sink, monkeypatch):
    sink()
    monkeypatch.setattr(type(kinds["message"]), "erases_context", True)
    monkeypatch.setattr(type(kinds["message"]), "mailbox", lambda *_: None)
    DeliveryFactory(context={"body": "https://secret"})
    sending.run(0)
    assert states() == [S.CANCELLED]
    assert Delivery.objects.get().context == {}


def test_secret_link_is_forgotten_once_sent(sink, monkeypatch):
    sink()
    monkeypatch.setattr(type(kinds["message"]), "erases_context", True)
    DeliveryFactory(context={"body": "https://secret"})
    sending.run(0)
    assert Delivery.objects.get().context == {}


def test_event_that_was_faster_than_the_sender_wins(sink, monkeypatch):
    sink()
    delivery = DeliveryFactory()
    plain = sending.compose_message

    def meanwhile(row):
        Delivery.objects.filter(pk=row.pk).update(
            state=S.BOUNCED, bounced_at=timezone.now(), claimed_at=None, claimed_by=None
        )
        return plain(row)

    monkeypatch.setattr(sending, "compose_message", meanwhile)
    sending.run(0)
    delivery.refresh_from_db()
    assert delivery.state == S.BOUNCED


def test_restored_backup_sends_nothing_by_itself(sink):
    """reliability.md F23: what waited in yesterday's copy may have left since."""
    server = sink()
    for options in [{}, {"state": S.IN_FLIGHT}, {"paper": True}, {"state": S.SENT}]:
        DeliveryFactory(**options)
    assert sending.mark_all_doubtful() == 2
    assert states() == [S.TO_CHECK, S.TO_CHECK, S.QUEUED, S.SENT]
    sending.run(0)
    assert accepted(server.log) == Counter()


def test_claim_asks_nothing_but_the_next_row(sink, django_assert_num_queries):
    DeliveryFactory.create_batch(3, distribution=DistributionFactory())
    known: dict = {}
    sending.claim(0, known)
    with django_assert_num_queries(2):
        sending.claim(0, known)


def test_claim_leaves_what_is_not_due(sink):
    DeliveryFactory(next_attempt_at=timezone.now() + timedelta(minutes=1))
    assert sending.claim(0, {}) is None
