"""Starts the engines before pytest-django reads the settings; loaded by `-p tests.services`.

Every run takes a folder of its own (`.local/test`, `.local/test-2`, …), so that several runs never meet. The workers
of one run share its engines; settings_test gives each its Redis database, channel prefix and folder of files.
"""

import atexit
import os
import shutil
from pathlib import Path
from typing import IO

import pytest

from assembly.local import addresses, engines, processes

MOST_RUNS_AT_ONCE = 20


def take_slot() -> tuple[Path, IO[str]]:
    """Return the first folder that no other run holds, with the handle that keeps it ours."""
    for number in range(1, MOST_RUNS_AT_ONCE + 1):
        folder = addresses.STATE / ("test" if number == 1 else f"test-{number}")
        if handle := processes.take_lock_file(folder / "lock"):
            return folder, handle
    raise engines.EngineError(f"{MOST_RUNS_AT_ONCE} séries de tests tournent déjà dans ce dossier.")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start what the environment does not name already; xdist's workers inherit the addresses."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    slot, handle = take_slot()
    atexit.register(handle.close)  # registered first, hence called last: after both engines are gone
    for folder in (*slot.glob("files-*"), *slot.glob("verdicts")):
        shutil.rmtree(folder)
    os.environ["ASSEMBLY_TEST_HOME"] = str(slot)
    sockets = addresses.socket_folder(slot)
    if "DATABASE_URL" not in os.environ:
        postgres = engines.Postgres(slot, os.environ, fast=True)
        atexit.register(postgres.stop)
        postgres.start()
        os.environ["DATABASE_URL"] = addresses.database_url(sockets)
    if "REDIS_URL" not in os.environ:
        redis = engines.Redis(slot, os.environ, fast=True)
        atexit.register(redis.stop)
        redis.start()
        os.environ["REDIS_URL"] = addresses.redis_url(sockets)
