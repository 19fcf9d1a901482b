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
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from assembly.local import addresses, engines, processes
from tests import databases

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


class WebProcess:
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
            "DATABASE_POOL": "3",
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
        databases.copy_to(self.postgres)
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
        """Return status, body and Retry-After."""
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
        processes.stop_process(self.web, signal.SIGTERM, 15)
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


@contextmanager
def frozen(engine):
    """Stop a server and its children where they are: they take what the kernel takes for them, and say nothing."""
    children = Path(f"/proc/{engine.process.pid}/task/{engine.process.pid}/children").read_text().split()
    pids = [engine.process.pid, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def timed(question, *words, **names):
    """Return the answer and the duration in seconds."""
    since = time.monotonic()
    return question(*words, **names), time.monotonic() - since


def fill_the_pool(web) -> None:
    """Open three pages at once, each blocked by a lock, so that three connections stay open."""
    with web.postgres.connect(addresses.DATABASE) as holder, ThreadPoolExecutor(3) as readers:
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE institution_assembly IN ACCESS EXCLUSIVE MODE")
        answers = [readers.submit(web.get, "/") for _ in range(3)]
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        with web.postgres.connect(addresses.DATABASE) as watch:
            assert wait_for(lambda: watch.execute(waiting).fetchone() == (3,), 3)
        holder.execute("ROLLBACK")
        assert [answer.result()[0] for answer in answers] == [200, 200, 200]


@pytest.fixture(scope="module")
def web(django_db_setup, tmp_path_factory):
    made = WebProcess(tmp_path_factory.mktemp("faults"))
    made.start()
    yield made
    made.stop()


def test_without_redis_nobody_is_signed_out_and_pages_answer(web):
    assert "Rosa" in web.account()[1]
    kill(web.redis)
    for path in ("/", "/aide/", "/publications/", "/seances/", "/compte/connexion/", "/verifier/"):
        assert web.get(path)[0] == 200, path
    status, page, _ = web.account()
    assert (status, "Rosa" in page) == (200, True)
    status, said, _ = web.get("/sante/")
    assert (status, '"broker": false' in said) == (503, True)
    web.redis.start()  # it comes back empty
    assert wait_for(lambda: web.get("/sante/")[0] == 200)
    assert "Rosa" in web.account()[1]


@pytest.mark.long
def test_a_redis_that_hangs_slows_one_page_and_stops_none(web):
    assert web.account()[0] == 200
    os.kill(web.redis.process.pid, signal.SIGSTOP)
    try:
        spent = []
        for path in ("/compte/connexion/", "/aide/", "/compte/connexion/", "/"):
            since = time.monotonic()
            assert web.get(path)[0] == 200, path
            spent.append(time.monotonic() - since)
        assert max(spent) < 8
        assert web.account()[0] == 200
    finally:
        os.kill(web.redis.process.pid, signal.SIGCONT)
    assert wait_for(lambda: web.get("/sante/")[0] == 200)


def test_without_postgresql_a_page_says_so_in_french_and_comes_back(web):
    web.postgres.stop()
    for path, headers in (("/", {}), ("/compte/", {"Cookie": web.cookie}), ("/nulle-part/", {"HX-Request": "true"})):
        status, page, retry = web.get(path, **headers)
        if path != "/nulle-part/":
            assert (status, retry) == (503, "30"), path
            assert "Le service ne répond pas pour le moment" in page
    assert "Traceback" not in page
    web.postgres.start()
    assert wait_for(lambda: web.get("/")[0] == 200)
    assert "Rosa" in web.account()[1]


def test_after_a_restart_of_postgresql_no_reader_meets_an_old_connection(web):
    fill_the_pool(web)
    web.postgres.stop()
    web.postgres.start()
    assert [web.get("/")[0] for _ in range(8)] == [200] * 8
    assert "Rosa" in web.account()[1]


def test_a_database_that_is_away_is_said_at_once_and_found_again_within_five_seconds(web):
    """psycopg's pool would look again after 1, 2, 4, 8 … seconds: twelve seconds away cost up to sixteen more."""
    web.postgres.stop()
    spent = []
    for _ in range(6):
        (status, *_rest), seconds = timed(web.get, "/")
        assert status == 503
        spent.append(seconds)
        time.sleep(2)
    assert max(spent) < 5, spent
    assert timed(web.get, "/sante/")[1] < 5
    web.postgres.start()
    answers = [timed(web.get, "/") for _ in range(2)]
    assert [answer[0][0] for answer in answers] == [200, 200]
    assert answers[0][1] < 5


def test_a_frozen_postgresql_costs_a_page_less_than_five_seconds_and_health_names_it(web):
    """It accepts connections and never answers: on a Unix socket no timeout of the kernel or of libpq fires."""
    fill_the_pool(web)
    with frozen(web.postgres):
        with ThreadPoolExecutor(8) as readers:
            pages = [readers.submit(timed, web.get, "/") for _ in range(6)]
            pages.append(readers.submit(timed, web.account))
            health = readers.submit(timed, web.get, "/sante/")
            answers = [page.result() for page in pages]
        for (status, page, retry), seconds in answers:
            assert (status, retry) == (503, "30")
            assert "Le service ne répond pas pour le moment" in page
            assert seconds < 5
        (status, said, _), seconds = health.result()
        assert (status, '"database": false' in said, '"broker": true' in said) == (503, True, True)
        assert seconds < 5
        late = [timed(web.get, "/"), timed(web.get, "/sante/")]
        assert [answer[0][0] for answer in late] == [503, 503]
        assert max(answer[1] for answer in late) < 5
    (status, *_), seconds = timed(lambda: wait_for(lambda: (found := web.get("/"))[0] == 200 and found, 5))
    assert (status, seconds < 5) == (200, True)
    assert wait_for(lambda: web.get("/sante/")[0] == 200, 5)
    assert [web.get("/")[0] for _ in range(10)] == [200] * 10


def test_health_says_no_whenever_a_page_that_reads_the_database_would(web):
    """Every connection is held by pages that wait for a lock: `SELECT 1` would answer, the pages do not."""
    with web.postgres.connect(addresses.DATABASE) as holder:
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE institution_assembly IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(7) as readers:
            pages = [readers.submit(timed, web.get, "/") for _ in range(6)]
            time.sleep(0.5)
            health = readers.submit(timed, web.get, "/sante/")
            (status, said, _), seconds = health.result()
            assert (status, '"database": false' in said) == (503, True)
            assert seconds < 5
            holder.execute("ROLLBACK")
            answers = [page.result()[0][0] for page in pages]
    assert 503 in answers
    assert 500 not in answers
    assert wait_for(lambda: web.get("/")[0] == 200)
    assert web.get("/sante/")[0] == 200


def test_the_log_of_all_this_names_nobody(web):
    said = web.log.read_text(encoding="utf-8")
    assert not re.search(r"rosa@example\.org|Vidal", said)
