"""One database with the tables of the migrations, and a copy of it for each process that runs tests.

The first process that finds no database of these migrations makes it while the others wait. A copy takes a moment,
so every run gets a fresh one: what an interrupted run left is not met by the next.

`--create-db`, which `./run test --all` passes, makes it anew.

They run with an account like production's owner, who has no power over the server: a migration that needs one fails.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from assembly.local import addresses, engines

LOCK = 20261127  # any number that means nothing else on this server
KEPT_SUM = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


def migrations_checksum() -> str:
    """Return a checksum of everything that defines an empty database."""
    folders = [*addresses.ROOT.glob("*/migrations"), *addresses.ROOT.glob("*/*/migrations")]
    files = [path for folder in folders for path in folder.iterdir() if path.suffix in {".py", ".sql"}]
    digest = hashlib.sha256()
    made_after = addresses.ROOT / "assembly" / "fragments" / "cache.py"
    for path in [*sorted(files), made_after, addresses.ROOT / "requirements" / "prod.txt"]:
        digest.update(f"{path.relative_to(addresses.ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def connect_to(name: str) -> None:
    """Connect Django's one connection to another database, for all threads from now on."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def use_own_copy(worker: str, *, anew: bool) -> None:
    """Connect to a fresh copy of the migrated database, which is made first where it is missing, or `anew`."""
    migrated = connection.settings_dict["TEST"]["TEMPLATE"] = f"test_{connection.settings_dict['NAME']}"
    copy, wanted = f"{migrated}_{worker}", migrations_checksum()
    if anew:
        wanted += f" {os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a page's: the others wait for the migrations
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute(KEPT_SUM, [migrated])
        kept = cursor.fetchone()
        if not kept or not (kept[0] or "").startswith(wanted):
            migrate_as_owner(cursor, migrated)
            cursor.execute(f"COMMENT ON DATABASE {quoted(migrated)} IS '{wanted}'")
        connect_to(copy)
        make(cursor, copy, f"TEMPLATE {quoted(migrated)}")


def owner_of(migrated: str) -> str:
    return f"{migrated}_owner"


def migrate_as_owner(cursor: Any, name: str) -> None:
    """Make a database and its tables for an account of its own; the server's own account reads them as any other."""
    owner = owner_of(name)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner])
    if not cursor.fetchone():
        cursor.execute(f"CREATE ROLE {quoted(owner)} NOSUPERUSER NOCREATEDB NOCREATEROLE")
    make(cursor, name, f"OWNER {quoted(owner)}")
    connect_to(name)
    options = connection.settings_dict["OPTIONS"]
    # The limit of a page is not that of migrations: a loaded machine takes longer to make a table.
    connection.settings_dict["OPTIONS"] = {**options, "assume_role": owner, "options": "-c statement_timeout=0"}
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connection.settings_dict["OPTIONS"] = options
    cursor.execute(f"ALTER DATABASE {quoted(name)} OWNER TO CURRENT_USER")


def make(cursor: Any, name: str, options: str = "") -> None:
    cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {quoted(name)} {options}")


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@contextmanager
def beside(ours: Any) -> Iterator[None]:
    """Replace this process's database by an empty one for every thread; delete it at the end."""
    kept = ours.settings_dict["NAME"]
    with ours.creation._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a page's: a loaded machine takes longer to drop a database
        make(cursor, f"{kept}_beside")
        connect_to(f"{kept}_beside")
        ContentType.objects.clear_cache()  # the same tables have other numbers there
        try:
            yield
        finally:
            connect_to(kept)
            ContentType.objects.clear_cache()
            cursor.execute(f"DROP DATABASE {quoted(f'{kept}_beside')} WITH (FORCE)")


@contextmanager
def shared_by_a_module(blocker: Any) -> Iterator[None]:
    """Open a transaction that is rolled back, around the rows of a module whose tests do not commit."""
    shared = transaction.atomic()
    shared._from_testcase = True  # as Django marks the transaction around a test: what runs inside has its own
    with blocker.unblock(), shared:
        yield
        transaction.set_rollback(True)


def copy_to(engine: engines.Postgres) -> None:
    """Fill the empty database of a test's own server with what is in this process's: no migration runs there."""
    given = {name.lower(): connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
    ours = make_conninfo(
        dbname=connection.settings_dict["NAME"], **{key: value for key, value in given.items() if value}
    )
    theirs = make_conninfo(host=str(engine.sockets), user=addresses.OWNER, dbname=addresses.DATABASE)
    dump = [str(engine.installation.programs / "pg_dump"), "--format=custom", "--no-owner", f"--dbname={ours}"]
    restore = [str(engine.installation.programs / "pg_restore"), "--no-owner", f"--dbname={theirs}"]
    dumped = subprocess.run(dump, capture_output=True, check=True).stdout
    subprocess.run(restore, input=dumped, check=True)
