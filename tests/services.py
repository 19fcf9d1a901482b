"""Starts the engines before pytest-django reads the settings; loaded by `-p tests.services`.

Every run takes a folder of its own (`.local/test`, `.local/test-2`, …), so that several runs never meet. The workers
of one run share its engines; settings_test gives each its Redis database, channel prefix and folder of files.
"""

import atexit
import hashlib
import os
import shutil
from pathlib import Path
from typing import IO

import pytest
from psycopg import sql

from assembly.local import addresses, engines, processes

TEST_DATABASES = f"test_{addresses.DATABASE}"
MOST_RUNS_AT_ONCE = 20


def take_slot() -> tuple[Path, IO[str]]:
    """Return the first folder that no other run holds, with the handle that keeps it ours."""
    for number in range(1, MOST_RUNS_AT_ONCE + 1):
        folder = addresses.STATE / ("test" if number == 1 else f"test-{number}")
        if handle := processes.take_lock_file(folder / "lock"):
            return folder, handle
    raise engines.EngineError(f"{MOST_RUNS_AT_ONCE} séries de tests tournent déjà dans ce dossier.")


def migrations_checksum() -> str:
    """Sum up everything that shapes an empty database."""
    files = [*addresses.ROOT.glob("*/migrations/*.py"), *addresses.ROOT.glob("*/*/migrations/*.py")]
    digest = hashlib.sha256()
    for path in [*sorted(files), addresses.ROOT / "requirements" / "prod.txt"]:
        digest.update(f"{path.relative_to(addresses.ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def forget_old_databases(postgres: engines.Postgres, slot: Path) -> None:
    """Drop the kept test databases when the migrations are no longer those that built them."""
    note, checksum = slot / "migrations.sha256", migrations_checksum()
    if not note.exists() or note.read_text(encoding="utf-8") != checksum:
        names = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        with postgres.connect() as connection:
            for (name,) in connection.execute(names, [TEST_DATABASES]).fetchall():
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        note.write_text(checksum, encoding="utf-8")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start what the environment does not name already; xdist's workers inherit the addresses."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    slot, handle = take_slot()
    atexit.register(handle.close)  # registered first, hence called last: after both engines are gone
    for folder in slot.glob("files-*"):
        shutil.rmtree(folder)
    os.environ["ASSEMBLY_TEST_HOME"] = str(slot)
    sockets = addresses.socket_folder(slot)
    if "DATABASE_URL" in os.environ:
        early_config.known_args_namespace.create_db = True
    else:
        postgres = engines.Postgres(slot, os.environ, fast=True)
        atexit.register(postgres.stop)
        postgres.start()
        forget_old_databases(postgres, slot)
        os.environ["DATABASE_URL"] = addresses.database_url(sockets)
    if "REDIS_URL" not in os.environ:
        redis = engines.Redis(slot, os.environ, fast=True)
        atexit.register(redis.stop)
        redis.start()
        os.environ["REDIS_URL"] = addresses.redis_url(sockets)
