"""A mail relay that accepts and never speaks: codes wait for it, pages and the database do not."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import requests
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.urls import reverse

from assembly.config import env
from assembly.identity import sending
from tests.assembly.identity.visitor import Visitor
from tests.factories.identity import UserFactory
from tests.relays import SilentRelay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def silent_relay(settings):
    relay = SilentRelay()
    settings.MAILERS = {
        "default": env.mailer(f"smtp://127.0.0.1:{relay.port}/", conversation_seconds=5),
        "bulk": settings.LOCAL_MAILER,
    }
    yield relay
    relay.close()


@pytest.fixture
def room_for(monkeypatch):
    """Return a function: `room_for(3)` limits this process to three mails at once."""
    return lambda number: monkeypatch.setattr(sending, "slots", threading.BoundedSemaphore(number))


def seconds_of(site: str, path: str) -> float:
    started = time.monotonic()
    assert requests.get(site + path, timeout=30).status_code == 200
    return time.monotonic() - started


def test_twenty_codes_for_a_silent_relay_hold_neither_pages_nor_connections(pool_of_four, site, silent_relay):
    people = UserFactory.create_batch(20)
    visitors = [Visitor(site) for _ in people]
    with ThreadPoolExecutor(20) as crowd:
        asked = [crowd.submit(visitor.ask, person.email) for visitor, person in zip(visitors, people, strict=True)]
        time.sleep(0.5)
        pages = [seconds_of(site, "/glossaire/") for _ in range(8)]
        answers = [one.result() for one in asked]
    assert max(pages) < 2, pages
    assert max(seconds for seconds, _ in answers) < 4
    for _, answer in answers:
        assert answer.status_code == 200
        assert "code à six chiffres" in answer.text
    assert len(silent_relay.accepted) == 20


def test_the_waiting_page_says_that_mail_does_not_leave(site, silent_relay):
    visitor = Visitor(site)
    _, page = visitor.ask(UserFactory().email)
    sentence = "Les courriels ne partent pas en ce moment"
    assert sentence not in page.text
    state = site + reverse("identity:mail-state")
    end = time.monotonic() + 7  # five seconds of patience for the relay, and the pages around it
    while sentence not in visitor.session.get(state, timeout=5).text and time.monotonic() < end:
        time.sleep(0.2)
    assert sentence in visitor.session.get(state, timeout=5).text
    assert sentence in visitor.session.get(site + reverse("account_confirm_login_code"), timeout=5).text
    assert sentence in requests.get(state, timeout=5).text  # the same for everybody: it tells nothing of an address


def test_more_mails_than_the_process_sends_at_once_are_refused_with_a_sentence(site, silent_relay, room_for):
    room_for(3)
    visitors = [Visitor(site) for _ in range(4)]
    for visitor in visitors[:3]:
        visitor.ask(UserFactory().email)
    end = time.monotonic() + 3
    while len(silent_relay.accepted) < 3 and time.monotonic() < end:
        time.sleep(0.02)
    _, known = visitors[3].ask(UserFactory().email)
    _, unknown = visitors[3].ask("inconnue@example.org")
    for answer in (known, unknown):
        assert answer.url == site + reverse("account_request_login_code")
        assert "Trop de courriels partent en même temps" in answer.text
    assert len(silent_relay.accepted) == 3


def test_a_relay_that_works_again_takes_the_sentence_away(db, client, mailoutbox):
    cache.set(sending.TROUBLE, True, 60)
    client.post(reverse("account_request_login_code"), {"email": UserFactory().email})
    assert len(mailoutbox) == 1
    assert cache.get(sending.TROUBLE) is None


def test_a_slow_relay_gets_five_seconds_for_the_whole_conversation(settings):
    """One word every two seconds: no single wait is long, their sum is."""
    listener = socket.create_server(("127.0.0.1", 0))

    def speak_slowly() -> None:
        line, _ = listener.accept()
        with line, suppress(OSError):
            for word in (b"220 relay\r\n", b"250 relay\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
                time.sleep(2)
                line.sendall(word)
                line.recv(4096)

    relay = threading.Thread(target=speak_slowly)
    relay.start()
    port = listener.getsockname()[1]
    settings.MAILERS = {"default": env.mailer(f"smtp://127.0.0.1:{port}/", conversation_seconds=5)}
    started = time.monotonic()
    assert not sending.hand_to_relay(EmailMessage("Code", "123456", "assemblee@example.org", ["a@example.org"]))
    assert 4 < time.monotonic() - started < 6
    relay.join(10)
    listener.close()
