"""The demonstration as one file: the output of pg_dump before anything is sealed, and the files that people gave.

Nothing in it is secret: reply links and unusable passwords are made anew on this machine, keys and sealed files by
`sealing`. `rebuild` writes it by migrations, then actions, in a PostgreSQL of its own that is deleted afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from assembly.documents import storage
from assembly.identity.models import User
from assembly.local import addresses, engines
from demo import days
from sessions.models import Invitee
from sessions.sittings.actions.convening import reply_url

ARCHIVE = Path(__file__).with_name("demonstration.zip")
DAY, DATABASE, FILES = "day.txt", "database.sql", "files/"
# Format in which pg_dump writes the rows of a table; the rest is statements.
COPY: Final = re.compile(r"^COPY (\S+) \((.*)\) FROM stdin;\n((?:.*\n)*?)\\\.\n", re.MULTILINE)
# Counters of changes restart with the cached fragments that are compared with them.
FORGET = """
    UPDATE notifications_delivery SET context = context || '{"reply_url": ""}' WHERE context ? 'reply_url';
    UPDATE identity_user SET password = '!';
    DELETE FROM fragments_tablechange;
"""
SIGN_AGAIN = """
    UPDATE notifications_delivery SET context = context || jsonb_build_object('reply_url', fresh.url)
    FROM unnest(%s::bigint[], %s::text[]) AS fresh (invitee, url)
    WHERE context ? 'reply_url' AND (context->>'invitee')::bigint = fresh.invitee
"""


def file_day(archive: Path = ARCHIVE) -> date:
    """Return the day that the file tells."""
    with ZipFile(archive) as packed:
        return date.fromisoformat(packed.read(DAY).decode()) if DAY in packed.namelist() else days.STORY_DAY


def load(archive: Path = ARCHIVE) -> None:
    """Fill a database without tables, all or nothing; `migrate` then brings it up to the code."""
    with ZipFile(archive) as packed, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # a page's: a slow machine takes longer for all tables
        load_database(packed.read(DATABASE).decode())
        renew_secrets()
        for name in packed.namelist():
            if name.startswith(FILES):
                storage.write_blob(packed.read(name))
        cursor.execute("ANALYZE")  # otherwise queries of the first pages are planned for empty tables


def load_database(dump: str) -> None:
    """Run what pg_dump wrote: keys, indexes and triggers come after the rows, so that no row is written twice."""
    position = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = off")  # a function may come before the table that it reads
        for match in COPY.finditer(dump):
            table, columns, rows = match.groups()
            cursor.execute(dump[position : match.start()])
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(rows)
            position = match.end()
        cursor.execute(dump[position:])


def renew_secrets() -> None:
    """Sign personal links with the key of this machine and give each account an unusable password."""
    invitees = list(Invitee.objects.select_related("person").only("public_id", "link_version", "person__email"))
    with connection.cursor() as cursor:
        cursor.execute(SIGN_AGAIN, [[row.pk for row in invitees], [reply_url(row) for row in invitees]])
    for pk in User.objects.values_list("pk", flat=True):
        User.objects.filter(pk=pk).update(password=make_password(None))


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
            packed.writestr(DAY, str(days.shown_day()))
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
