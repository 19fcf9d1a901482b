"""Addresses of the engines of this folder. Standard library only: manage.py imports this before the settings."""

import os
import secrets
import socket
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".local"
DATABASE = "assemblee"
OWNER = "assemblee"
LONGEST_SOCKET_FOLDER = 80  # a Unix socket path holds about 107 bytes, its own name included
NOT_RUNNING = "Les moteurs de ce dossier ne tournent pas : lancez d’abord ./run, ou donnez DATABASE_URL et REDIS_URL."
NO_CONNECTION = "PostgreSQL refuse la connexion ou ne répond pas : {error}"


def socket_folder(state: Path) -> Path:
    """Return the folder of the sockets: in the state folder, or a short temporary one when that path is too long.

    The path of the temporary one is stored in the state folder.
    """
    beside = state / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        return beside
    note = state / "socket-folder"
    if note.exists() and (known := Path(note.read_text(encoding="utf-8").strip())).is_dir():
        return known
    short = Path(tempfile.mkdtemp(prefix="assemblee-"))
    state.mkdir(parents=True, exist_ok=True)
    note.write_text(f"{short}\n", encoding="utf-8")
    return short


def database_url(sockets: Path, name: str = DATABASE) -> str:
    """Return the address of a database behind a socket."""
    return f"postgres://{OWNER}@/{name}?host={sockets}"


def redis_url(sockets: Path) -> str:
    """Return the address of Redis behind its socket."""
    return f"unix://{sockets / 'redis.sock'}"


def secret_key(state: Path) -> str:
    """Return this folder's own secret, made at first use and readable by its owner alone."""
    path = state / "secret"
    if not path.exists():
        state.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64), encoding="utf-8")
        try:
            os.link(fresh, path)  # never overwrites the secret of a parallel start
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8").strip()


def is_local(environ: MutableMapping[str, str]) -> bool:
    """Return whether this process belongs to a developer's folder: by ASSEMBLY_LOCAL, else without DATABASE_URL."""
    flag = environ.get("ASSEMBLY_LOCAL")
    return "DATABASE_URL" not in environ if flag is None else flag.lower() in {"1", "true", "yes", "on", "oui"}


def port(environ: MutableMapping[str, str], state: Path = STATE) -> int:
    """Return the port of the site: PORT, else that of the running ./run, else 8000."""
    if port_text := environ.get("PORT"):
        return int(port_text)
    try:
        pid, remembered = (state / "port").read_text(encoding="utf-8").split()
        os.kill(int(pid), 0)
    except (OSError, ValueError):
        return 8000
    return int(remembered)


def use_local_engines(environ: MutableMapping[str, str], state: Path = STATE) -> None:
    """Fill in the addresses that ./run uses; existing variables stay, and production is left alone."""
    if not is_local(environ):
        return
    sockets = socket_folder(state)
    environ.setdefault("ASSEMBLY_LOCAL", "1")
    environ.setdefault("ASSEMBLY_DEMO", "1")
    environ.setdefault("DATABASE_URL", database_url(sockets))
    environ.setdefault("REDIS_URL", redis_url(sockets))
    environ.setdefault("DATA_DIR", str(state / "data"))
    environ.setdefault("SITE_URL", f"http://localhost:{port(environ, state)}")
    if "SECRET_KEY_FILE" not in environ:
        environ.setdefault("SECRET_KEY", secret_key(state))


def engines_answer(environ: MutableMapping[str, str], state: Path = STATE) -> bool:
    """Return whether PostgreSQL of this folder accepts connections; an address from elsewhere counts as True."""
    sockets = socket_folder(state)
    if environ.get("DATABASE_URL") != database_url(sockets):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(sockets / ".s.PGSQL.5432")) == 0
