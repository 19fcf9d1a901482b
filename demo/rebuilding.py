"""Rebuild of `demonstration.zip`: migrations, then actions, in a PostgreSQL of its own that is deleted afterwards."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from assembly.local import addresses, engines
from demo.archive import DATABASE, FILES, FORGET

STATE = addresses.STATE / "demo-rebuild"
PREAMBLE, END = "SET row_security = off;\n", "--\n-- PostgreSQL database dump complete"


def output_of(command: list[str], **where: Any) -> str:
    """Run one of our own programs and return its output; raise CalledProcessError when it fails."""
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, **where)  # noqa: S603 -- no input of a user
    return run.stdout.decode()


@dataclass(frozen=True)
class ScratchInstallation:
    """An empty database with its own files and keys; `manage` runs manage.py on it."""

    postgres: engines.Postgres
    environ: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run manage.py on this database and return its output."""
        return output_of([sys.executable, "manage.py", *arguments], cwd=addresses.ROOT, env=self.environ)

    def write(self, target: Path) -> None:
        """Write the archive: the statements of pg_dump without those about its own session, and the uploaded files."""
        with self.postgres.connect(addresses.DATABASE) as connection:
            connection.execute(FORGET)
        files = sorted(path for path in Path(self.environ["DATA_DIR"], "blobs").rglob("*") if path.is_file())
        with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as packed:
            packed.writestr(DATABASE, self.dump())
            for path in files:
                packed.write(path, FILES + path.name)

    def dump(self) -> str:
        """Return the output of pg_dump without owner and rights: they are those of whoever loads it."""
        command = [str(self.postgres.installation.programs / "pg_dump"), "-h", str(self.postgres.sockets)]
        command += ["-U", addresses.OWNER, "--no-owner", "--no-privileges", "--no-comments", addresses.DATABASE]
        output = output_of(command)
        return output[output.index(PREAMBLE) + len(PREAMBLE) : output.rindex(END)]


@contextmanager
def scratch_installation(state: Path) -> Iterator[ScratchInstallation]:
    """Start engines with empty data in this folder and yield them; everything is deleted at the end."""
    shutil.rmtree(state, ignore_errors=True)
    postgres, redis = engines.Postgres(state, os.environ, fast=True), engines.Redis(state, os.environ, fast=True)
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        "ASSEMBLY_LOCAL": "1",
        "ASSEMBLY_DEMO": "1",
        "DATABASE_URL": addresses.database_url(postgres.sockets),
        "REDIS_URL": addresses.redis_url(redis.sockets),
        "DATA_DIR": str(state / "data"),
        "SECRET_KEY": addresses.secret_key(state),
        "SITE_URL": "http://localhost:8000",
    }
    try:
        postgres.start()
        postgres.create_database()
        redis.start()
        yield ScratchInstallation(postgres, environ)
    finally:
        redis.stop()
        postgres.stop()
        if postgres.installation.user:
            shutil.rmtree(postgres.installation.folder)
        shutil.rmtree(state)


def rebuild(target: Path, state: Path = STATE) -> None:
    """Write the archive that today's migrations and actions give."""
    with scratch_installation(state) as scratch:
        scratch.manage("migrate", "--verbosity=0")
        scratch.manage("shell", "--verbosity=0", "--command", "from demo.build import build; build()")
        scratch.write(target)
