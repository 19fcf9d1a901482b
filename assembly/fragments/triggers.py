"""Which tables report their changes, and the triggers that do so. Set up after each migration."""

from typing import Any

from django.apps import apps
from django.db import connection
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
