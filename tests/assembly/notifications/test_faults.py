"""Faults of reliability.md F1, F9 and F11: workers really killed, a Redis really emptied, a real mail server."""

import json
import subprocess
import sys
import time
from collections import Counter

import pytest
import redis
from celery.contrib.testing.worker import start_worker
from django.db import transaction
from kombu import pools

from assembly.config.celery import app
from assembly.local.addresses import ROOT
from assembly.notifications import tasks
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, DeliveryState as S
from bench.sink import accepted
from tests.factories.identity import PersonFactory
from tests.factories.institution import TermFactory


def ask(count: int) -> None:
    term, persons = TermFactory(), PersonFactory.create_batch(count)
    with transaction.atomic():
        recipients = [Recipient(person, {"body": "Bonjour"}) for person in persons]
        distribute("message", term, recipients, by=None, title="x", key="k", term=term)


def wait_for(state: str, count: int, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and Delivery.objects.filter(state=state).count() < count:
        time.sleep(0.1)
    assert Counter(Delivery.objects.values_list("state", flat=True)) == Counter({state: count})


@pytest.mark.django_db(transaction=True)
def test_hint_after_the_commit_wakes_a_real_worker(sink, worker):
    server = sink()
    ask(5)
    wait_for(S.SENT, 5)
    assert set(accepted(server.log).values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_emptied_redis_loses_no_mail(sink, redis_client: redis.Redis):
    """reliability.md F9: the hints are gone with the broker's memory; the sweep finds the rows."""
    server = sink()
    ask(5)
    redis_client.flushdb()
    with start_worker(app, pool="solo", perform_ping_check=False, queues=["mail"], shutdown_timeout=30):
        tasks.sweep.delay()
        wait_for(S.SENT, 5)
    assert sum(accepted(server.log).values()) == 5


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_down_breaks_no_act(sink, redis_client: redis.Redis, monkeypatch):
    """reliability.md F9: the act commits, the page answers within two seconds, and the next sweep sends."""
    server = sink()
    nowhere = app.connection_for_write("redis://127.0.0.1:9/0")
    monkeypatch.setattr(app.amqp, "_producer_pool", pools.producers[nowhere])
    start = time.monotonic()
    ask(2)
    assert time.monotonic() - start < 2
    assert redis_client.llen("mail") == 0
    tasks.deliver(0)
    assert sum(accepted(server.log).values()) == 2


@pytest.mark.django_db(transaction=True)
def test_server_that_comes_back_gets_everything_once(sink):
    """reliability.md F11: refused for a while, hung up on, then well again."""
    moods = iter(["later", "drop", "take and drop", *["take"] * 1000])
    mood = {"now": "take"}

    def behave(envelope):
        if envelope.content is None:
            mood["now"] = next(moods)
            return mood["now"] if mood["now"] == "later" else "take"
        return mood["now"]

    server = sink(behave)
    ask(5)
    tasks.deliver(0)
    Delivery.objects.filter(state=S.IN_FLIGHT).update(claimed_at="2026-01-01T00:00Z")
    Delivery.objects.filter(state=S.QUEUED).update(next_attempt_at="2026-01-01T00:00Z")
    for slot in (0, 1):
        tasks.deliver(slot)
    assert Counter(Delivery.objects.values_list("state", flat=True)) == Counter({S.SENT: 5})
    assert accepted(server.log) == Counter(Delivery.objects.values_list("message_id", flat=True))


@pytest.mark.long
@pytest.mark.parametrize("mode", ["asked", "unasked", "asked --followers", "asked --messages"])
def test_killed_workers_lose_and_double_nothing(mode):
    """reliability.md F1: 200 mails, 5 kills of the whole worker group while it sends."""
    command = [sys.executable, "bench/mail_kill.py", "--mails", "200", "--kills", "5", "--mode", *mode.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])["figures"]
    assert (found["mails"] >= 200, found["lost"], found["duplicated"]) == (True, 0, 0)
    assert found["said_sent_but_not_taken"] == 0
    if "--followers" in mode:
        assert found["withdrawals"] >= 5
        assert (found["taken_after_the_withdrawal"], found["taken_without_confirmation"]) == (0, 0)
    elif "--messages" in mode:
        assert found["withdrawals"] >= 5
        assert (found["taken_after_the_withdrawal"], found["second_presses_refused"]) == (0, found["messages"])
    else:
        assert found["dropped"] == 0
    assert found["ambiguous_listed"] <= (0 if mode != "unasked" else 2 * found["kills"])
