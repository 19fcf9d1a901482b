"""Neither the answer nor its time tells whether an address is known, whatever the mail relay does."""

import socket
import time
from collections.abc import Callable
from statistics import median

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.urls import reverse

from assembly.config import env
from tests.assembly.identity.visitor import Visitor
from tests.factories.identity import UserFactory
from tests.relays import Relay, SilentRelay, SlowRelay

pytestmark = pytest.mark.django_db(transaction=True)

FORMS = ["account_request_login_code", "account_reset_password"]
RELAYS: dict[str, Callable[[], Relay]] = {"slow": lambda: SlowRelay(0.2), "silent": SilentRelay}
EACH = 4


@pytest.fixture
def serve_relay(settings):
    """Yield a function: `serve_relay("slow")` starts that relay and makes the site send its codes through it."""
    relays: list[Relay] = []

    def serve(kind: str) -> Relay:
        relays.append(RELAYS[kind]())
        settings.MAILERS = {
            "default": env.mailer(f"smtp://127.0.0.1:{relays[-1].port}/", conversation_seconds=5),
            "bulk": django_settings.LOCAL_MAILER,
        }
        return relays[-1]

    yield serve
    for relay in relays:
        relay.close()


def post_until_closed(visitor: Visitor, name: str, email: str) -> tuple[float, bytes]:
    """Post a form and read until the server closes; return the seconds and the head of the answer."""
    body = f"csrfmiddlewaretoken={visitor.token}&email={email}".encode()
    cookies = "; ".join(f"{key}={value}" for key, value in visitor.session.cookies.get_dict().items())
    host, port = visitor.site.removeprefix("http://").split(":")
    head = (
        f"POST {reverse(name)} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    started = time.monotonic()
    with socket.create_connection((host, int(port)), 30) as line:
        line.sendall(head.encode() + body)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    return time.monotonic() - started, answer


@pytest.mark.parametrize("kind", RELAYS)
@pytest.mark.parametrize("name", FORMS)
def test_time_does_not_tell_a_known_address(site, serve_relay, kind, name):
    relay = serve_relay(kind)
    visitor = Visitor(site)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    locations = set()
    for number in range(EACH):
        for is_known in (True, False):
            email = UserFactory().email if is_known else f"inconnue{number}@example.org"
            duration, answer = post_until_closed(visitor, name, email)
            assert answer.startswith(b"HTTP/1.1 302"), answer[:200]
            locations.add(answer.split(b"\r\nlocation: ")[1].split(b"\r\n")[0])
            seconds[is_known].append(duration)
    assert len(locations) == 1
    assert abs(median(seconds[True]) - median(seconds[False])) < 0.1, seconds
    assert max(seconds[True] + seconds[False]) < 2, seconds
    assert len(relay.accepted) > 0


def test_a_slow_relay_gets_the_code_of_a_known_address_alone(site, serve_relay):
    relay = serve_relay("slow")
    user = UserFactory()
    Visitor(site).ask(user.email)
    Visitor(site).ask("inconnue@example.org")
    end = time.monotonic() + 8
    while len(relay.accepted) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(1.5)
    assert relay.recipients == [user.email]


@pytest.mark.parametrize("is_known", [True, False])
def test_the_page_says_of_a_silent_relay_the_same_whoever_asked(site, serve_relay, is_known):
    """Else a code asked for in the name of somebody would show, five seconds later, whether that address is known."""
    serve_relay("silent")
    cache.clear()
    visitor = Visitor(site)
    visitor.ask(UserFactory().email if is_known else "inconnue@example.org")
    sentence = "Les courriels ne partent pas en ce moment"
    end = time.monotonic() + 8
    while time.monotonic() < end and sentence not in visitor.get("identity:mail-state").text:
        time.sleep(0.2)
    assert sentence in visitor.get("identity:mail-state").text


def test_time_does_not_tell_whose_password_was_wrong(site, settings):
    """Each wrong password is hashed once, whether the account has one, has none or is nobody's."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    visitor = Visitor(site)
    seconds: dict[str, list[float]] = {"with": [], "without": [], "unknown": []}
    for number in range(EACH):
        with_password, without = UserFactory(), UserFactory()
        with_password.set_password("une longue phrase de passe")
        with_password.save()
        logins = {"with": with_password.email, "without": without.email, "unknown": f"inconnue{number}@example.org"}
        for kind, login in logins.items():
            started = time.monotonic()
            answer = visitor.post("account_login", login=login, password="pas la bonne du tout")
            seconds[kind].append(time.monotonic() - started)
            assert answer.status_code == 200
    # The shortest of each: other work on the machine lengthens some posts, a hash left out would shorten all.
    shortest = [min(durations) for durations in seconds.values()]
    assert max(shortest) < 1.5 * min(shortest), seconds
