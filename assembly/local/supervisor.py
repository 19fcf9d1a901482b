"""Supervisor of ./run: it starts everything in order, monitors it in the foreground, and stops it in reverse."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from assembly.local import addresses, engines, processes
from assembly.portal.checks import check_not_former

WIDTH = 8
PATIENCE = 10.0
ALREADY = "Hémicycle est déjà lancé dans ce dossier : {url}"
PORT_TAKEN = "Le port {port} est déjà pris par un autre programme. Choisissez-en un autre :  PORT=8001 ./run"
DATABASE_AWAY = "La base de données de DATABASE_URL ne répond pas : {error}"
# Frames are small: compressing them costs more than it saves. The consumer refuses too large ones with a message.
SOCKETS = ["--ws=websockets-sansio", "--ws-max-size=4000000", "--ws-per-message-deflate=false"]
ROOT_WARNING = "ignore:You're running the worker with superuser privileges"


class Stopped(BaseException):
    """Raised by Ctrl-C or SIGTERM."""


def commands(port: int, state: Path) -> dict[str, list[str]]:
    """Return the programs to keep alive, by the prefix of their output lines."""
    python = sys.executable
    celery = [python, "-W", ROOT_WARNING, "-m", "celery", "-q", "-A", "assembly.config"]
    worker = [*celery, "worker", "--without-gossip", "--without-mingle"]
    web = [python, "-m", "uvicorn", "assembly.config.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    return {
        "web": [*web, *SOCKETS, "--lifespan", "off", "--timeout-graceful-shutdown", "3"],
        "worker": [*worker, "-Q", "default,mail", "-c", "2", "-n", "main@%h"],
        "pdf": [*worker, "-Q", "pdf", "-c", "1", "-n", "pdf@%h"],
        "verify": [*worker, "-Q", "verify", "-c", "1", "-n", "verify@%h"],
        "beat": [*celery, "beat", "-s", str(state / "celerybeat-schedule"), "--pidfile="],
    }


class Supervisor:
    """Supervisor of one folder; it owns the engines unless the environment names others."""

    def __init__(self, state: Path = addresses.STATE) -> None:
        self.state = state
        self.environ = os.environ
        self.port = addresses.port(os.environ, state)
        self.url = f"http://localhost:{self.port}/"
        self.sockets = addresses.socket_folder(state)
        self.engines: list[engines.Postgres | engines.Redis] = []
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.pumps: list[threading.Thread] = []
        self.asked_to_stop = False

    def run(self) -> int:
        """Start, monitor, stop; return the exit code."""
        lock = processes.take_lock_file(self.state / "lock")
        if lock is None:
            print(ALREADY.format(url=self.url), file=sys.stderr)
            return 1
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, self._ask_to_stop)
        try:
            return self._start_and_watch()
        except Stopped:
            return 0
        except (engines.EngineError, CommandError) as error:
            print(error, file=sys.stderr)
            return 1
        except OperationalError as error:
            print(DATABASE_AWAY.format(error=error), file=sys.stderr)
            return 1
        finally:
            self.asked_to_stop = True
            self._stop()
            lock.close()

    def _ask_to_stop(self, sign: int, frame: FrameType | None) -> None:
        """Interrupt what is running, once: the stop itself must not be interrupted.

        The exception is lost when it is raised in code that the interpreter calls itself (after a fork, for example):
        the monitoring loop reads the flag too.
        """
        if not self.asked_to_stop:
            self.asked_to_stop = True
            raise Stopped

    def _start_and_watch(self) -> int:
        check_port_is_free(self.port)
        (self.state / "port").write_text(f"{os.getpid()} {self.port}\n", encoding="utf-8")
        self._start_engines()
        prepare_database()
        for name, command in commands(self.port, self.state).items():
            self._start(name, command)
            if name == "web":  # alone on the processors it answers one or two seconds earlier
                self._welcome()
        while not self.asked_to_stop:
            for name, process in self._watched().items():
                if (code := process.poll()) is not None:
                    self._print_line("run", f"« {name} » s’est arrêté (code {code}) : tout s’arrête.")
                    return 1
            time.sleep(0.2)
        return 0

    def _start_engines(self) -> None:
        if self.environ["DATABASE_URL"] == addresses.database_url(self.sockets):
            postgres = engines.Postgres(self.state, self.environ)
            self.engines.append(postgres)
            if note := postgres.start():
                self._print_line("postgres", note)
            postgres.create_database()
        if self.environ["REDIS_URL"] == addresses.redis_url(self.sockets):
            redis = engines.Redis(self.state, self.environ)
            self.engines.append(redis)
            redis.start()

    def _start(self, name: str, command: list[str]) -> None:
        environ = child_environment(name, self.environ)
        process = processes.spawn(command, output=subprocess.PIPE, environ=environ, cwd=addresses.ROOT)
        self.children[name] = process
        pump = threading.Thread(target=self._pump, args=(name, process), daemon=True)
        pump.start()
        self.pumps.append(pump)

    def _pump(self, name: str, process: subprocess.Popen[bytes]) -> None:
        if process.stdout:
            for line in process.stdout:
                if text := line.decode(errors="replace").rstrip():
                    self._print_line(name, text)

    def _print_line(self, name: str, line: str) -> None:
        print(f"{name:<{WIDTH}} │ {line}", flush=True)

    def _watched(self) -> dict[str, subprocess.Popen[bytes]]:
        return {**{engine.name: engine.process for engine in self.engines if engine.process}, **self.children}

    def _welcome(self) -> None:
        """Wait for the site; print its address, and a warning when its health check fails."""
        if processes.wait_until(lambda: health(self.port) > 0, self.children["web"], 60):
            if (status := health(self.port)) != HTTPStatus.OK:
                self._print_line(
                    "run", f"Le site répond « {status} » à sa propre question sur sa santé : voyez {self.url}sante/"
                )
            print(welcome(self.url, self.state), flush=True)

    def _stop(self) -> None:
        """Stop the running programs in parallel, then Redis, then PostgreSQL."""
        for process in self.children.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + PATIENCE
        for process in self.children.values():
            processes.stop_process(process, signal.SIGTERM, max(end - time.monotonic(), 0.1))
        for pump in self.pumps:
            pump.join(1)
        for engine in reversed(self.engines):
            engine.stop()
        note = self.state / "port"
        note.unlink(missing_ok=True)


def child_environment(name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Give the web process its pool of connections, and every child unbuffered output."""
    pool = {"DATABASE_POOL": "10"} if name == "web" else {}
    return {**environ, "DJANGO_SETTINGS_MODULE": "assembly.config.settings", "PYTHONUNBUFFERED": "1", **pool}


def check_port_is_free(port: int) -> None:
    """Raise EngineError before anything starts when the site could not listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise engines.EngineError(PORT_TAKEN.format(port=port)) from error


def prepare_database() -> None:
    """Migrate the schema, and load the data of a demonstration into an empty database.

    Raise CommandError, before any change, for a database made before version 1.0.0.
    """
    check_not_former(connection)
    is_demonstration = os.environ.get("ASSEMBLY_DEMO") == "1"
    if is_demonstration and not connection.introspection.table_names():
        print("Données de démonstration…", flush=True)
        call_command("demo", "--load")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Mise à jour de la base de données…", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    if is_demonstration:
        call_command("demo", "--background")
    connection.close()


def health(port: int) -> int:
    """Return the status of /sante/, 0 without a response."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def welcome(url: str, state: Path) -> str:
    """Return what a newcomer needs: the address, the accounts, the mailbox, how to stop."""
    lines = ["", f"Prêt : {url}", f"Courriels envoyés : {url}boite-mail/"]
    accounts = state / "demo-accounts.txt"
    if accounts.exists():
        lines += ["Comptes de démonstration :"]
        lines += [f"  {line}" for line in accounts.read_text(encoding="utf-8").splitlines()]
    return "\n".join([*lines, "Ctrl-C arrête tout.", ""])
