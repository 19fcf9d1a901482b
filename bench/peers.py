"""Sites to compare with ours: a bare Django view, pretalx from PyPI, healthchecks from a checkout of its sources.

Each peer has a virtual environment in `.local/bench/`, a database in the PostgreSQL of the bench, uses its Redis, and
is served as its documentation recommends: WSGI, DEBUG off, connections kept open. An unavailable one gives the reason.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import psycopg

from assembly.local import addresses
from bench.report import ROOT, say
from bench.server import Server, free_port, gunicorn, serving, uvicorn

LOCAL = ROOT / ".local" / "bench"
GUNICORN = "gunicorn==27.0.1"
PRETALX_VERSION = "2026.2.1"
PRETALX = [f"pretalx[postgres]=={PRETALX_VERSION}", "faker==40.63.0", "freezegun==1.5.5", GUNICORN]
PRETALX_EVENT = "democon"
# The list of checks has 25 rows, like a page of our lists.
HEALTHCHECKS_DATA = """
from datetime import timedelta
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import now
from hc.accounts.models import Profile, Project
from hc.api.models import Check
user = User.objects.create_user("bench", "bench@example.org")
Profile.objects.for_user(user)
for number in range(5):
    project = Project.objects.create(owner=user, name=f"Project {number}", badge_key=f"bench-{number}")
    for row in range(5 if number else 25):
        seen = {"n_pings": row, "last_ping": now() - timedelta(hours=row)}
        Check.objects.create(project=project, name=f"Check {row} of {number}", tags=f"tag{row % 4} nightly", **seen)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "hc.accounts.backends.EmailBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.set_expiry(10 * 365 * 86400)
session.save()
"""
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "HOME", "TMPDIR")


class Unavailable(Exception):
    """A peer is not available here; the message is the reason."""


@dataclass(frozen=True)
class Site:
    """A site that starts: its pages by name, each with the headers of its requests."""

    server: Server
    pages: dict[str, tuple[str, dict[str, str]]]
    versions: dict[str, str]


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, environ: Mapping[str, str] | None = None) -> None:
    """Run a command to its end; raise Unavailable with the last words of one that fails."""
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        tokens = (done.stderr or done.stdout).split()
        raise Unavailable(f"{' '.join(map(str, command[:4]))}: {' '.join(tokens)[-400:]}")


def uv(*arguments: str | Path) -> None:
    """Run the installer that `./run` uses."""
    program = Path(shutil.which("uv") or ROOT / ".tools" / "bin" / "uv")
    if not program.exists():
        raise Unavailable("There is no uv: ./run installs it.")
    run([program, *arguments])


def installed(folder: Path, packages: Sequence[str], install: Callable[[], None]) -> None:
    """Install once: a note in the folder lists its packages."""
    note = folder / "installed.txt"
    if note.exists() and note.read_text(encoding="utf-8") == "\n".join(packages):
        return
    say(f"PyPI: {', '.join(packages)}…")
    shutil.rmtree(folder, ignore_errors=True)
    install()
    note.write_text("\n".join(packages), encoding="utf-8")


def environment(name: str, packages: Sequence[str]) -> Path:
    """Return the folder of a virtual environment with these packages."""
    folder = LOCAL / name

    def install() -> None:
        uv("venv", "-q", "--no-project", "--python-preference=only-system", "--python=>=3.13", folder)
        uv("pip", "install", "-q", "--python", folder, *packages)

    installed(folder, packages, install)
    return folder


def library(package: str) -> Path:
    """Return a folder for PYTHONPATH with one package for our own interpreter, apart from the product’s packages."""
    folder = LOCAL / package.partition("=")[0]
    arguments = ["pip", "install", "-q", "--python", sys.executable, "--target", folder, package]
    installed(folder, [package], lambda: uv(*arguments))
    return folder


def version_in(venv: Path, package: str) -> str:
    """Return the version of a package in a virtual environment."""
    site = next(venv.glob("lib/python3*/site-packages"))
    return next(iter(distributions(name=package, path=[str(site)]))).version


class Database:
    """A database of the bench for one version of a peer; it gets its final name once it is complete."""

    def __init__(self, folder: Path, peer: str, version: str) -> None:
        self.sockets = addresses.socket_folder(folder)
        self.name = re.sub(r"\W", "_", f"{peer}_{version}")

    def fill(self, fill: Callable[[str], None]) -> None:
        """Fill the database once; `fill` gets the name that it has meanwhile."""
        with psycopg.connect(addresses.database_url(self.sockets, "postgres"), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone():
                return
            say(f"Data of {self.name}…")
            connection.execute(f"DROP DATABASE IF EXISTS {self.name}_new")
            connection.execute(f"CREATE DATABASE {self.name}_new")
            fill(f"{self.name}_new")
            connection.execute(f"ALTER DATABASE {self.name}_new RENAME TO {self.name}")

    def value(self, query: str) -> str:
        """Return the one value of a query."""
        with psycopg.connect(addresses.database_url(self.sockets, self.name)) as connection:
            row = connection.execute(query).fetchone()
        if row is None:
            raise Unavailable(f"{self.name} answers nothing to: {query}")
        return str(row[0])


def own_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a peer, without our settings, our database or our packages."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | dict(settings)


@contextmanager
def bare_asgi() -> Iterator[Site]:
    """Run the bare view under the server that ours runs under."""
    port = free_port()
    with serving(uvicorn(sys.executable, "bench.bare.asgi:application", port), port) as server:
        yield Site(server, {"view": ("/", {"Host": "localhost"})}, {})


@contextmanager
def bare_wsgi() -> Iterator[Site]:
    """Run the bare view under gunicorn, with our own interpreter and Django."""
    folder, port = library(GUNICORN), free_port()
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"}
    with serving(gunicorn(sys.executable, "bench.bare.wsgi:application", port), port, environ=environ) as server:
        yield Site(server, {"view": ("/", {"Host": "localhost"})}, {})


@contextmanager
def pretalx(folder: Path) -> Iterator[Site]:
    """Run its sample conference with a published schedule: the page of the event and of one talk."""
    venv = environment("pretalx-venv", PRETALX)
    database = Database(folder, "pretalx", PRETALX_VERSION)

    def environ(name: str) -> dict[str, str]:
        return own_environment(
            {
                "PRETALX_DB_TYPE": "postgresql",
                "PRETALX_DB_HOST": str(database.sockets),
                "PRETALX_DB_USER": addresses.OWNER,
                "PRETALX_DB_NAME": name,
                "PRETALX_REDIS": f"{addresses.redis_url(database.sockets)}?db=7",
                "PRETALX_DATA_DIR": str(LOCAL / "pretalx"),
                "PRETALX_FILESYSTEM_STATIC": str(LOCAL / "pretalx" / "static"),
                "PRETALX_SITE_URL": "http://localhost",
                "DJANGO_SUPERUSER_EMAIL": "bench@example.org",
                "DJANGO_SUPERUSER_PASSWORD": "only-for-a-bench",
            }
        )

    def fill(name: str) -> None:
        for arguments in (
            ["migrate", "--noinput"],
            ["rebuild", "--silent"],
            ["createsuperuser", "--noinput"],
            ["create_test_event", "--stage=schedule", f"--slug={PRETALX_EVENT}", "--seed=1"],
        ):
            run([venv / "bin" / "python", "-m", "pretalx", *arguments], cwd=LOCAL, environ=environ(name))

    database.fill(fill)
    code = database.value("SELECT code FROM submission_submission WHERE state = 'confirmed' ORDER BY code LIMIT 1")
    versions = {name: version_in(venv, name) for name in ("pretalx", "django", "gunicorn")}
    port = free_port()
    command = gunicorn(venv / "bin" / "python", "pretalx.wsgi", port)
    with serving(command, port, environ=environ(database.name), cwd=LOCAL) as server:
        paths = {"event": f"/{PRETALX_EVENT}/", "talk": f"/{PRETALX_EVENT}/talk/{code}/"}
        yield Site(server, {name: (path, {"Host": "localhost"}) for name, path in paths.items()}, versions)


@contextmanager
def healthchecks(folder: Path, checkout: Path | None) -> Iterator[Site]:
    """Run it for a user with five projects, one of 25 checks, on a copy of the sources."""
    if checkout is None:
        raise Unavailable("no folder was given: --healthchecks FOLDER, a checkout of its public sources")
    if not (checkout / "hc").is_dir():
        raise Unavailable(f"{checkout} does not hold its sources")
    requirements = (checkout / "requirements.txt").read_text(encoding="utf-8").splitlines()
    venv = environment("healthchecks-venv", [*requirements, "psycopg[binary]", GUNICORN])
    changes = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    version = next(iter(re.findall(r"^## v(\S+)", changes, re.MULTILINE)), "unknown")
    database, sources = Database(folder, "healthchecks", version), LOCAL / "healthchecks"

    def environ(name: str) -> dict[str, str]:
        return own_environment(
            {
                "DB": "postgres",
                "DB_HOST": str(database.sockets),
                "DB_USER": addresses.OWNER,
                "DB_NAME": name,
                "DB_CONN_MAX_AGE": "600",
                "DEBUG": "False",
                "SECRET_KEY": "only-for-a-bench-0123456789-abcdefghijklmnopqrstuvwxyz",
                "ALLOWED_HOSTS": "localhost",
            }
        )

    def fill(name: str) -> None:
        shutil.rmtree(sources, ignore_errors=True)
        shutil.copytree(checkout, sources, ignore=shutil.ignore_patterns(".git", "local_settings.py"))
        for arguments in (
            ["collectstatic", "--noinput"],
            ["compress"],
            ["migrate"],
            ["shell", "-c", HEALTHCHECKS_DATA],
        ):
            run([venv / "bin" / "python", "manage.py", *arguments], cwd=sources, environ=environ(name))

    database.fill(fill)
    session = database.value("SELECT session_key FROM django_session")
    project = database.value("SELECT code FROM accounts_project WHERE badge_key = 'bench-0'")
    headers = {"Host": "localhost", "Cookie": f"sessionid={session}"}
    versions = {"healthchecks": version, **{name: version_in(venv, name) for name in ("django", "gunicorn")}}
    port = free_port()
    command = gunicorn(venv / "bin" / "python", "hc.wsgi", port)
    with serving(command, port, environ=environ(database.name), cwd=sources) as server:
        yield Site(server, {"projects": ("/", headers), "checks": (f"/projects/{project}/checks/", headers)}, versions)
