"""`manage.py up` through a terminal, on a copy of this checkout: start, answer, stop, and every way to die."""

import http.server
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assembly.local import addresses, engines, supervisor
from assembly.local.gate import example_environment
from assembly.text.french import format_date
from demo import archive, days

CTRL_C = b"\x03"


SIGNAL_IN_A_FORK = """
import os, signal, sys

def come():
    if sys.argv[1:] == ["up"] and not sent:
        sent.append(True)
        os.kill(os.getpid(), signal.SIGTERM)

sent = []
os.register_at_fork(after_in_parent=come)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(question, patience=600.0):
    """Wait until `question()` is true; all migrations take one minute, on a slow machine three."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := question():
            return answer
        time.sleep(0.1)
    return question()


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


class Copy:
    """A copy of the checkout with its own .local, its own port, and the packages of this one."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        tracked = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=addresses.ROOT, capture_output=True, check=True
        ).stdout
        for name in filter(None, tracked.decode().split("\0")):
            source, target = addresses.ROOT / name, folder / name
            if source.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        self.environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "PORT": str(self.port), "ASSEMBLY_DEMO": "0"}

    def command(self, *words):
        return [sys.executable, "manage.py", *words]

    def run(self, *words, **environ):
        return subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            check=False,
        )

    def health(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sante/", timeout=5) as answer:
                return answer.status
        except OSError:
            return 0

    def processes(self):
        """Return what still runs for this copy: its path is in the command, the folder or the environment."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                place = os.readlink(f"/proc/{pid}/cwd")
            except OSError:
                continue
            if str(self.folder) in command_of(pid) + place:
                found.append(command_of(pid).replace("\0", " "))
        return found


class Terminal:
    """A program behind a pseudo-terminal, as a person has it."""

    def __init__(self, copy):
        self.text = ""
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(copy.folder)
            os.execve(sys.executable, copy.command("up"), copy.environ)  # noqa: S606 -- our own interpreter
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while chunk := os.read(self.screen, 4096):
                self.text += chunk.decode(errors="replace")
        except OSError:
            return

    def type(self, keys):
        os.write(self.screen, keys)

    def exit_code(self):
        def ended():
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            return [os.waitstatus_to_exitcode(status)] if pid else None

        found = wait_for(ended, 40)
        assert found, self.text
        return found[0]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return Copy(tmp_path_factory.mktemp("copy"))


@pytest.mark.long
class TestWholeLife:
    """In this order: each start finds what the one before left."""

    def test_start_answer_and_stop_by_ctrl_c(self, copy):
        terminal = Terminal(copy)
        assert wait_for(lambda: "Prêt" in terminal.text), terminal.text
        assert f"Prêt : http://localhost:{copy.port}/" in terminal.text
        assert f"http://localhost:{copy.port}/boite-mail/" in terminal.text
        assert copy.health() == 200

        again = copy.run("up")
        assert (again.returncode, "déjà lancé" in again.stderr) == (1, True), again.stderr

        code = "from django.conf import settings; from django.contrib.contenttypes.models import ContentType as C"
        beside = copy.run("shell", "-v0", "-c", f"{code}; print(settings.SITE_URL, C.objects.count() > 10)", PORT="")
        assert beside.stdout.split() == [f"http://localhost:{copy.port}", "True"], beside.stderr

        terminal.type(CTRL_C)
        assert terminal.exit_code() == 0
        assert wait_for(lambda: not copy.processes(), 5), copy.processes()

    def test_second_start_is_quick_and_the_loss_of_one_ends_all(self, copy):
        begin = time.monotonic()
        terminal = Terminal(copy)
        assert wait_for(lambda: "Prêt" in terminal.text), terminal.text
        assert time.monotonic() - begin < 30  # 4 to 6 s alone; other tests share the machine
        assert "Mise à jour" not in terminal.text
        schedule = str(copy.folder / ".local" / "celerybeat-schedule")
        beat = wait_for(
            lambda: [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and schedule in command_of(pid)]
        )
        os.kill(beat[0], signal.SIGKILL)
        assert terminal.exit_code() == 1
        assert "« beat » s’est arrêté" in terminal.text
        assert wait_for(lambda: not copy.processes(), 5), copy.processes()

    def test_nothing_outlives_a_supervisor_that_is_killed(self, copy):
        terminal = Terminal(copy)
        assert wait_for(lambda: "Prêt" in terminal.text), terminal.text
        os.kill(terminal.pid, signal.SIGKILL)
        assert terminal.exit_code() == -signal.SIGKILL
        assert wait_for(lambda: not copy.processes(), 20), copy.processes()

    def test_a_start_in_the_background_stops_on_sigterm(self, copy):
        with (copy.folder / "up.log").open("w") as log:
            process = subprocess.Popen(copy.command("up"), cwd=copy.folder, env=copy.environ, stdout=log, stderr=log)
        assert wait_for(lambda: "Prêt" in (copy.folder / "up.log").read_text())
        process.terminate()
        assert process.wait(40) == 0
        assert wait_for(lambda: not copy.processes(), 5), copy.processes()

    def test_a_signal_lost_in_a_fork_still_stops_it(self, copy):
        """The interpreter swallows what is raised in its hooks of a fork: there the signal comes, once."""
        (copy.folder / "sitecustomize.py").write_text(SIGNAL_IN_A_FORK)
        environ = {**copy.environ, "PYTHONPATH": str(copy.folder)}
        with (copy.folder / "up.log").open("w") as log:
            process = subprocess.Popen(copy.command("up"), cwd=copy.folder, env=environ, stdout=log, stderr=log)
        try:
            assert process.wait(120) == 0
        finally:
            process.kill()
            (copy.folder / "sitecustomize.py").unlink()
        assert "Stopped" in (copy.folder / "up.log").read_text()
        assert wait_for(lambda: not copy.processes(), 5), copy.processes()

    def test_a_command_without_engines_says_so_in_one_sentence(self, copy):
        refused = copy.run("migrate")
        assert refused.returncode == 1
        assert refused.stderr.strip() == addresses.NOT_RUNNING
        assert copy.run("makemigrations", "--check", "--dry-run").returncode == 0


@pytest.mark.long
def test_a_demonstration_answers_before_its_documents_are_sealed_and_goes_on_after_an_interruption(tmp_path):
    copy = Copy(tmp_path)
    copy.environ |= {"ASSEMBLY_DEMO": "1", days.VARIABLE: str(archive.file_day())}
    terminal = Terminal(copy)
    assert wait_for(lambda: "Prêt" in terminal.text), terminal.text
    assert copy.health() == 200
    assert banner(copy) == f"La démonstration raconte le {format_date(archive.file_day())}."
    assert "Documents à sceller : 6" in terminal.text
    assert "Mise à jour" not in terminal.text, "demo/demonstration.zip is older than the migrations"
    assert "officer@demo.example.org" in terminal.text
    for page in ("", "publications/", "compte/connexion/"):
        with urllib.request.urlopen(f"http://127.0.0.1:{copy.port}/{page}", timeout=30) as answer:
            assert answer.status == 200
    assert wait_for(lambda: "is sealed, 4 to go" in terminal.text), terminal.text
    terminal.type(CTRL_C)
    assert terminal.exit_code() == 0, terminal.text
    terminal = Terminal(copy)
    assert wait_for(lambda: "is sealed, 0 to go" in terminal.text), terminal.text
    with urllib.request.urlopen(f"http://127.0.0.1:{copy.port}/publications/", timeout=30) as answer:
        assert "AC2-2026-01" in answer.read().decode()
    terminal.type(CTRL_C)
    assert terminal.exit_code() == 0, terminal.text
    terminal = Terminal(copy)
    assert wait_for(lambda: "Prêt" in terminal.text), terminal.text
    terminal.type(CTRL_C)
    assert terminal.exit_code() == 0, terminal.text
    assert "Documents à sceller" not in terminal.text


def banner(copy):
    """Return the sentence of the home page about the day that is told."""
    with urllib.request.urlopen(f"http://127.0.0.1:{copy.port}/", timeout=30) as answer:
        return re.search(r"La démonstration raconte [^.]*\.", answer.read().decode())[0]


def make_older(path, day):
    """Write the file of the demonstration again, as of another day."""
    with zipfile.ZipFile(path) as packed:
        content = {name: packed.read(name) for name in packed.namelist() if name != archive.DAY}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in {archive.DAY: str(day).encode(), **content}.items():
            packed.writestr(name, text)


@pytest.mark.long
def test_an_outdated_demonstration_is_made_anew_with_days_counted_from_today(tmp_path):
    copy = Copy(tmp_path)
    copy.environ["ASSEMBLY_DEMO"] = "1"
    today = datetime.now(days.PARIS).date()
    make_older(tmp_path / "demo" / "demonstration.zip", today - timedelta(days=31))
    terminal = Terminal(copy)
    assert wait_for(lambda: "Prêt" in terminal.text), terminal.text
    day = days.last_day_to_show(today)
    assert f"elle sera refaite pour le {format_date(day)}" in terminal.text
    assert banner(copy) == f"La démonstration raconte le {format_date(day)}."
    assert wait_for(lambda: "is sealed, 5 to go" in terminal.text), terminal.text
    terminal.type(CTRL_C)
    assert terminal.exit_code() == 0, terminal.text
    terminal = Terminal(copy)
    assert wait_for(lambda: "Prêt" in terminal.text), terminal.text
    assert "refaite" not in terminal.text
    assert banner(copy) == f"La démonstration raconte le {format_date(day)}."
    terminal.type(CTRL_C)
    assert terminal.exit_code() == 0, terminal.text


def test_a_port_in_use_is_said_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(engines.EngineError, match=rf"Le port {port} est déjà pris"):
            supervisor.check_port_is_free(port)
    supervisor.check_port_is_free(port)


def test_the_welcome_gives_address_mailbox_and_accounts(tmp_path):
    (tmp_path / "demo-accounts.txt").write_text("cheffe de projet  claire@example.org\n")
    text = supervisor.welcome("http://localhost:8000/", tmp_path)
    assert re.search(r"^Prêt : http://localhost:8000/$", text, re.MULTILINE)
    assert "http://localhost:8000/boite-mail/" in text
    assert "  cheffe de projet  claire@example.org" in text


def test_the_supervisor_is_refused_outside_a_developer_folder(tmp_path):
    environ = {**example_environment(), "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "up"]
    refused = subprocess.run(command, cwd=addresses.ROOT, env=environ, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "réservée au poste de travail" in refused.stderr


def test_production_names_every_value_that_the_settings_ask_for(tmp_path):
    command = [sys.executable, "-c", "import assembly.config.settings"]
    environ = example_environment()
    assert subprocess.run(command, cwd=addresses.ROOT, env=environ, check=False).returncode == 0
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL", "SMTP_URL", "DEFAULT_FROM_EMAIL", "DATA_DIR"):
        lacking = {key: value for key, value in environ.items() if key != name}
        result = subprocess.run(command, cwd=addresses.ROOT, env=lacking, capture_output=True, text=True, check=False)
        assert f"The environment must give {name}" in result.stderr


def test_run_beside_somebody_elses_database_asks_whether_this_is_a_workstation():
    """`./run` loads demonstration data and opens one-click sign-in: never on a database that was only inherited."""
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://x@127.0.0.1:1/x", "REDIS_URL": "redis://x"}
    refused = subprocess.run(["./run"], cwd=addresses.ROOT, env=environ, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "ASSEMBLY_LOCAL=1 ./run" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_elsewhere_that_does_not_answer_is_said_in_one_sentence(tmp_path):
    environ = {**example_environment(), "ASSEMBLY_LOCAL": "1", "PORT": str(free_port()), "DATA_DIR": str(tmp_path)}
    environ["DATABASE_URL"] = "postgres://x@127.0.0.1:1/x"
    command = [sys.executable, "manage.py", "up"]
    refused = subprocess.run(command, cwd=addresses.ROOT, env=environ, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "La base de données de DATABASE_URL ne répond pas" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_command_has_no_pool_whatever_the_web_is_given(tmp_path):
    """A pooled connection ends statements after 3.5 s: a migration or a backup may take minutes."""
    ask = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    environ = {**example_environment(), "DATA_DIR": str(tmp_path), "DATABASE_POOL": "10"}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", ask]
    said = subprocess.run(command, cwd=addresses.ROOT, env=environ, capture_output=True, text=True, check=True).stdout
    assert "pool" not in said
    assert "statement_timeout" not in said


@pytest.mark.parametrize("status", [200, 503])
def test_the_health_of_the_site_is_read_as_it_is_said(status):
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            """Log nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert supervisor.health(server.server_port) == status
        thread.join()
    assert supervisor.health(server.server_port) == 0
