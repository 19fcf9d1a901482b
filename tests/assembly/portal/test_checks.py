"""Production refuses to start with what everybody knows, with a seal that does not open, with an open webhook.

Each start is a process of its own with the settings of production: the sentence is what an administrator reads.
"""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks

from assembly.documents.seal.keys import create_seal_keys
from assembly.local import addresses
from assembly.local.gate import example_environment

WEB = ["-c", "from assembly.config import asgi"]
WORKER = ["-m", "celery", "-q", "-A", "assembly.config", "worker", "-Q", "pdf", "-c", "1", "-P", "solo"]
CHECK = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
SILENT = "postgres://assemblee_app:secret@127.0.0.1:1/assemblee"


def start(words, tmp_path, **environ):
    given = {
        **example_environment(),
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        "DATABASE_URL": SILENT,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATA_DIR": str(tmp_path),
        **environ,
    }
    return subprocess.run(
        [sys.executable, *words],
        cwd=addresses.ROOT,
        env={name: value for name, value in given.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sentence(done):
    return next(line for line in done.stderr.splitlines() if "SECRET" in line or "SEAL" in line or "cachet" in line)


CANNOT_DROP = 77
# PR_CAPBSET_DROP of CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: the next program is started without them.
AS_AN_ORDINARY_USER = f"""
import ctypes, os, sys
if any(ctypes.CDLL(None).prctl(24, capability, 0, 0, 0) for capability in (1, 2)):
    sys.exit({CANNOT_DROP})
os.execv(sys.executable, [sys.executable, "-c", "from assembly.config import asgi"])
"""


def refused(settings, **changed):
    """Return the messages of `check --deploy` for the test settings turned into those of production."""
    settings.SECRET_KEY, settings.SEAL_P12_FILE, settings.SEAL_P12_PASSWORD = "k" * 60, "", ""
    settings.ANYMAIL = {"WEBHOOK_SECRET": "brevo:secret"}
    for name, value in changed.items():
        setattr(settings, name, value)
    return [message.msg for message in run_checks(tags=["production"], include_deployment_checks=True, databases=[])]


def test_settings_of_ones_own_are_accepted(settings):
    assert refused(settings) == []


@pytest.mark.parametrize("words", [WEB, WORKER, CHECK], ids=["web", "worker", "check"])
def test_the_published_secret_key_is_refused_at_start(words, tmp_path):
    key = "replace-me-by-64-random-characters-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"
    done = start(words, tmp_path, SECRET_KEY=key)
    assert done.returncode == 1, done.stderr
    assert "SECRET_KEY a encore la valeur de l’exemple, que tout le monde connaît." in sentence(done)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("REDIS_URL", {"REDIS_URL": "redis://:replace-me-redis@127.0.0.1:1/0"}),
        ("MAIL_WEBHOOK_SECRET", {"ANYMAIL": {"WEBHOOK_SECRET": "user:password"}}),
        ("SEAL_P12_PASSWORD", {"SEAL_P12_PASSWORD": "password-of-the-key-store"}),
        ("SEAL_PKCS11_PIN", {"SEAL_PKCS11_PIN": "replace-me"}),
    ],
)
def test_every_other_published_secret_is_refused(name, changed, settings):
    assert refused(settings, **changed) == [f"{name} a encore la valeur de l’exemple, que tout le monde connaît."]


def test_the_published_password_of_the_database_is_refused(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "letters-and-digits-only")
    assert refused(settings) == ["DATABASE_URL a encore la valeur de l’exemple, que tout le monde connaît."]


@pytest.mark.parametrize("value", ["", "brevo", ":", "brevo:", ":secret"])
def test_a_webhook_without_a_secret_is_refused(value, settings):
    words = "MAIL_WEBHOOK_SECRET doit avoir la forme « utilisateur:mot de passe »."
    assert refused(settings, ANYMAIL={"WEBHOOK_SECRET": value}) == [words]


def test_a_seal_that_opens_is_accepted(tmp_path, settings):
    create_seal_keys(tmp_path, "right")
    assert refused(settings, SEAL_P12_FILE=str(tmp_path / "seal.p12"), SEAL_P12_PASSWORD="right") == []


@pytest.mark.parametrize(
    ("file", "password"),
    [("seal.p12", "wrong"), ("seal.p12", ""), ("absent.p12", "right"), ("empty.p12", "right"), ("", "right")],
)
def test_a_seal_that_does_not_open_is_refused(file, password, tmp_path, settings):
    create_seal_keys(tmp_path, "right")
    (tmp_path / "empty.p12").touch()
    said = refused(settings, SEAL_P12_FILE=str(tmp_path / file), SEAL_P12_PASSWORD=password)
    assert len(said) == 1
    assert "cachet" in said[0]


def test_the_worker_that_seals_does_not_start_with_a_refused_password(tmp_path):
    create_seal_keys(tmp_path, "right")
    done = start(WORKER, tmp_path, SEAL_P12_FILE=str(tmp_path / "seal.p12"), SEAL_P12_PASSWORD="wrong")
    assert (done.returncode, "cachet" in sentence(done), "Traceback" in done.stderr) == (1, True, False), done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_seal_of_another_user_is_refused(tmp_path):
    """Root without its two privileges on files reads its own clone, wherever it lies, and not the seal of another."""
    create_seal_keys(tmp_path, "right")
    seal = tmp_path / "seal.p12"
    seal.chmod(0o600)
    os.chown(seal, 65534, 65534)
    done = start(["-c", AS_AN_ORDINARY_USER], tmp_path, SEAL_P12_FILE=str(seal), SEAL_P12_PASSWORD="right")
    if done.returncode == CANNOT_DROP:
        pytest.skip("this root may not give up CAP_DAC_OVERRIDE (no CAP_SETPCAP), hence reads every file")
    assert (done.returncode, "cachet" in sentence(done)) == (1, True), done.stderr


@pytest.mark.parametrize("value", [None, ""])
def test_what_is_absent_or_empty_is_said_in_one_line(value, tmp_path):
    done = start(CHECK, tmp_path, DEFAULT_FROM_EMAIL=value)
    words = "The environment must give DEFAULT_FROM_EMAIL or DEFAULT_FROM_EMAIL_FILE."
    assert (done.returncode, done.stderr.splitlines()) == (1, [words])


def test_a_file_of_a_secret_that_cannot_be_read_is_said_in_one_line(tmp_path):
    done = start(CHECK, tmp_path, SECRET_KEY_FILE=str(tmp_path / "absent"))
    words = f"SECRET_KEY_FILE names a file that cannot be read: {tmp_path / 'absent'}."
    assert (done.returncode, done.stderr.splitlines()) == (1, [words])


def test_a_database_that_refuses_says_why_and_at_once(tmp_path):
    """With the pool of a web process it was « couldn’t get a connection after 10.00 sec »."""
    done = start(["manage.py", "migrate", "--check"], tmp_path)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("PostgreSQL refuse la connexion ou ne répond pas : ")
    assert "Connection refused" in line
