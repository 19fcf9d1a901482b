"""Cached pieces of pages, valid until one of the tables that they were made of changes; triggers count the changes.

    html = fragment(("desk-home", user.pk), lambda: render_to_string("portal/_desk_home.html", context()))

The tables are those that the statements of `make` name. Triggers, set up after each migration, count the changes of
each table inside the transaction that changes it, so that a fragment is never older than what any statement would
read: a right that ended, a write by a worker or by hand, a transaction that began earlier and committed later, all
count. Versions are read before the fragment is made; what commits meanwhile makes it newer than its key, never older.

What `make` does not read itself must be in `parts`: the choice in the address, and rows that were read before, by
value (`row_values`): an older reading of them then is another key. The quarter of an hour and the day are in the key
already, for sentences that depend on the clock; nothing is cached longer than `SECONDS`.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache as cached_forever
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, models
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from psycopg import sql

# Written many times a minute by machines, and shown by no fragment: a fragment that reads one of these is not cached.
SILENT_APPS = {"account", "audit", "auth", "contenttypes", "fragments", "jobs", "mfa", "search", "usersessions"}
SILENT_TABLES = {"collab_snapshot", "collab_update", "django_session", "identity_attemptcounter"}
# Columns that no fragment shows, of tables that would change at every sign-in or at every keystroke.
SILENT_COLUMNS = {
    "identity_user": {"last_login", "password"},
    "collab_sharedtext": {"last_seq", "listed_seq"},
}

PRESENT = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'fragments_changed'"
CREATE = """
    CREATE OR REPLACE TRIGGER fragments_changed AFTER INSERT OR DELETE OR UPDATE{} ON {}
        FOR EACH ROW EXECUTE FUNCTION fragments_note_change();
    CREATE OR REPLACE TRIGGER fragments_emptied AFTER TRUNCATE ON {}
        FOR EACH STATEMENT EXECUTE FUNCTION fragments_note_change();
"""


def known_tables() -> dict[str, Any]:
    """Return every table of the product with the model whose rows it holds."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def watched_tables() -> set[str]:
    """Return the tables whose changes are counted: all except the silent ones above."""
    return {
        table
        for table, model in known_tables().items()
        if model._meta.app_label not in SILENT_APPS and table not in SILENT_TABLES
    }


def create_triggers(**_: Any) -> None:
    """Create the missing triggers of each watched table; needs the owner's account, as migrations do.

    A trigger that names columns is replaced each time, since a migration may have added a column.
    """
    tables = known_tables()
    with connection.cursor() as cursor:
        cursor.execute(PRESENT)
        present = {name for (name,) in cursor.fetchall()}
        existing = set(connection.introspection.table_names(cursor))
        for table in sorted((watched_tables() & existing) - (present - SILENT_COLUMNS.keys())):
            name = sql.Identifier(table)
            columns: sql.Composable = sql.SQL("")
            if silent := SILENT_COLUMNS.get(table):
                shown = [field.column for field in tables[table]._meta.concrete_fields if field.column not in silent]
                columns = sql.SQL(" OF {}").format(sql.SQL(", ").join(map(sql.Identifier, shown)))
            cursor.execute(sql.SQL(CREATE).format(columns, name, name))


SECONDS = 900
NAMES = re.compile(r"\w+")
# The origin distinguishes this database from one that was restored over it, whose counts may equal the old ones.
VERSIONS = """
    SELECT pg_current_xact_id_if_assigned() IS NULL,
        concat(pg_postmaster_start_time(), 'fragments_tablechange'::regclass::oid),
        COALESCE((
            SELECT json_object_agg(tables."table", tables.times)
            FROM (SELECT "table", sum(times)::bigint AS times FROM fragments_tablechange GROUP BY "table") AS tables
        ), '{}')
"""


@dataclass(frozen=True)
class TableVersions:
    """The version of each table now.

    `is_shared`: other transactions see the same versions; false in a transaction that has written.
    """

    is_shared: bool
    origin: str
    of: dict[str, int]


def table_versions() -> TableVersions:
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS)
        return TableVersions(*cursor.fetchone())


@cached_forever
def _tables() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(known_tables()), frozenset(watched_tables())


@cached_forever
def code_version() -> str:
    """Return a digest of the product's files as this process read them: another release makes its own pieces."""
    paths = [config.path for config in apps.get_app_configs()] + [settings.BASE_DIR / "templates"]
    folders = sorted({Path(path) for path in paths if settings.BASE_DIR in Path(path).parents})
    files = [file for path in folders for file in path.rglob("*") if file.suffix in {".py", ".html", ".txt"}]
    stamps = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in sorted(files)]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()


@dataclass
class TableRecorder:
    """A piece that is being made: the table versions at its beginning, and the tables that its statements name."""

    versions: TableVersions
    tables: set[str]


_recorders: ContextVar[tuple[TableRecorder, ...]] = ContextVar("recorder", default=())


@contextmanager
def record_tables(versions: TableVersions) -> Iterator[set[str]]:
    """Yield the set of tables that the statements of this block name, including those of cached pieces.

    A statement that was compiled once carries its tokens (`tokens`, `assembly.speed.queries`).
    """
    known, _watched = _tables()
    recorder = TableRecorder(versions, set())

    def note(execute: Any, statement: Any, *rest: Any) -> Any:
        names = getattr(statement, "tokens", None) or NAMES.findall(str(statement))
        recorder.tables.update(known.intersection(names))
        return execute(statement, *rest)

    token = _recorders.set((*_recorders.get(), recorder))
    try:
        with connection.execute_wrapper(note):
            yield recorder.tables
    finally:
        _recorders.reset(token)


@contextmanager
def ignore_changes() -> Iterator[None]:
    """Read tables whose changes need not be shown before the quarter of an hour of the piece ends."""
    before = [(recorder.tables, set(recorder.tables)) for recorder in _recorders.get()]
    yield
    for tables, saved in before:
        tables.intersection_update(saved)


def row_values(*rows: models.Model | None) -> tuple[object, ...]:
    """Return rows that were read before as a part of the key: their values count, not when they were read."""
    return tuple(
        row and tuple((name, value) for name, value in sorted(vars(row).items()) if not name.startswith("_"))
        for row in rows
    )


def cached_pieces[Made](parts: tuple[object, ...], pieces: Mapping[str, Callable[[], Made]]) -> list[Made]:
    """Return what each piece returns, or its cached value where the tables that it read have not changed.

    All share `parts`; Redis is read once for all of them, and written once more to cache those that were made. Inside
    another piece that is being made, that piece's versions count, and it depends on the same tables.
    """
    outer = _recorders.get()
    now = outer[-1].versions if outer else table_versions()
    if not now.is_shared:
        with record_tables(now):
            return [make() for make in pieces.values()]
    local = timezone.localtime()
    key_parts = (*parts, get_language(), code_version(), now.origin, local.date(), local.hour, local.minute // 15)
    digest = hashlib.sha256(repr(key_parts).encode()).hexdigest()
    keys = {name: f"fragment:{digest}:{name}" for name in pieces}
    cached = cache.get_many(keys.values())
    _known, watched = _tables()
    contents, new_entries = [], {}
    for name, make in pieces.items():
        tables, piece = cached.get(keys[name], (None, None))
        if tables is not None and all(now.of.get(table, 0) == version for table, version in tables.items()):
            for recorder in outer:
                recorder.tables.update(tables)
        else:
            with record_tables(now) as tables_of_piece:
                piece = make()
            if tables_of_piece <= watched:
                new_entries[keys[name]] = ({table: now.of.get(table, 0) for table in tables_of_piece}, piece)
        contents.append(piece)
    if new_entries:
        cache.set_many(new_entries, SECONDS)
    return contents


def cached_piece[Made](parts: tuple[object, ...], make: Callable[[], Made]) -> Made:
    """Return one piece as `cached_pieces` does."""
    return cached_pieces(parts, {"": make})[0]


def fragment(parts: tuple[object, ...], make: Callable[[], str]) -> SafeString:
    """Return one piece of HTML as `cached_pieces` does."""
    return SafeString(cached_piece(parts, make))
