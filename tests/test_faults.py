"""What a reader meets when Redis or PostgreSQL goes away, with real servers that are really killed."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assembly.local import addresses, engines, processes

SIGN_IN = """
import django; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from assembly.identity.models import Person, User
person = Person.objects.create(first_name="Rosa", last_name="Vidal", email="rosa@example.org")
user = User.objects.create_user("rosa@example.org", person)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
"""


class House:
    """One web process on its own engines."""

    def __init__(self, home: Path) -> None:
        self.postgres = engines.Postgres(home, os.environ, fast=True)
        self.redis = engines.Redis(home, os.environ, fast=True)
        sockets = addresses.socket_folder(home)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
            "ASSEMBLY_LOCAL": "1",
            "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
            "DATABASE_URL": addresses.database_url(sockets),
            "DATABASE_POOL": "1",
            "REDIS_URL": addresses.redis_url(sockets),
            "DATA_DIR": str(home / "data"),
            "SITE_URL": f"http://localhost:{self.port}",
        }
        self.log = home / "web.log"
        self.cookie = ""

    def start(self) -> None:
        self.postgres.start()
        self.postgres.create_database()
        self.redis.start()
        self.python("manage.py", "migrate", "--verbosity=0")
        self.cookie = self.python("-c", SIGN_IN).split()[-1]
        command = [sys.executable, "-m", "uvicorn", "assembly.config.asgi:application", "--lifespan=off"]
        with self.log.open("wb") as output:
            self.web = processes.spawn(
                [*command, f"--port={self.port}"], output=output, environ=self.environment, cwd=addresses.ROOT
            )
        assert wait_for(lambda: self.get("/")[0] == 200), self.log.read_text()

    def python(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=addresses.ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, path: str, **headers: str) -> tuple[int, str, str]:
        """Status, body and Retry-After."""
        request = urllib.request.Request(f"http://localhost:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- our own address
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), error.headers.get("Retry-After", "")
        except OSError:
            return 0, "", ""

    def account(self) -> tuple[int, str, str]:
        return self.get("/compte/", Cookie=self.cookie)

    def stop(self) -> None:
        processes.stop(self.web, signal.SIGTERM, 15)
        self.redis.stop()
        self.postgres.stop()


def wait_for(question, patience: float = 40.0):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.2)
    return question()


def kill(engine) -> None:
    engine.process.kill()
    engine.process.wait()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("faults"))
    made.start()
    yield made
    made.stop()


def test_without_redis_nobody_is_signed_out_and_pages_answer(house):
    assert "Rosa" in house.account()[1]
    kill(house.redis)
    for path in ("/", "/aide/", "/publications/", "/seances/", "/compte/connexion/", "/verifier/"):
        assert house.get(path)[0] == 200, path
    status, page, _ = house.account()
    assert (status, "Rosa" in page) == (200, True)
    status, said, _ = house.get("/sante/")
    assert (status, '"broker": false' in said) == (503, True)
    house.redis.start()  # it comes back empty
    assert wait_for(lambda: house.get("/sante/")[0] == 200)
    assert "Rosa" in house.account()[1]


@pytest.mark.long
def test_a_redis_that_hangs_slows_one_page_and_stops_none(house):
    assert house.account()[0] == 200
    os.kill(house.redis.process.pid, signal.SIGSTOP)
    try:
        spent = []
        for path in ("/compte/connexion/", "/aide/", "/compte/connexion/", "/"):
            since = time.monotonic()
            assert house.get(path)[0] == 200, path
            spent.append(time.monotonic() - since)
        assert max(spent) < 8
        assert house.account()[0] == 200
    finally:
        os.kill(house.redis.process.pid, signal.SIGCONT)
    assert wait_for(lambda: house.get("/sante/")[0] == 200)


def test_without_postgresql_a_page_says_so_in_french_and_comes_back(house):
    house.postgres.stop()
    for path, headers in (("/", {}), ("/compte/", {"Cookie": house.cookie}), ("/nulle-part/", {"HX-Request": "true"})):
        status, page, retry = house.get(path, **headers)
        if path != "/nulle-part/":
            assert (status, retry) == (503, "30"), path
            assert "Le service ne répond pas pour le moment" in page
    assert "Traceback" not in page
    house.postgres.start()
    assert wait_for(lambda: house.get("/")[0] == 200)
    assert "Rosa" in house.account()[1]


@pytest.mark.long
def test_when_every_connection_is_taken_readers_are_asked_to_come_back(house):
    with house.postgres.connect(addresses.DATABASE) as holder:
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE institution_assembly IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(6) as readers:
            answers = [readers.submit(house.get, "/") for _ in range(6)]
            first = {answer.result()[0] for answer in answers[1:] if wait_for(answer.done, 25)}
            holder.execute("ROLLBACK")
            last = [answer.result()[0] for answer in answers]
    assert first <= {503, 200}
    assert 503 in last
    assert 500 not in last
    assert wait_for(lambda: house.get("/")[0] == 200)


def test_the_log_of_all_this_names_nobody(house):
    said = house.log.read_text(encoding="utf-8")
    assert not re.search(r"rosa@example\.org|Vidal", said)
