"""Databases made before version 1.0.0 are refused with one sentence and not changed; those of a later one are not."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from assembly.local import supervisor
from tests import databases

SENTENCE = (
    "Cette base date d’avant la version 1.0.0 et ne se met pas à niveau ; rien n’y a été changé : donnez une base "
    "vide ou, sur un poste de travail, supprimez le dossier .local (UPGRADING.md)."
)


@pytest.fixture
def former_database(django_db_setup, django_db_blocker):
    """Make a database with a table of a former version and the names of its migrations."""
    with django_db_blocker.unblock(), databases.beside(connection):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE identity_person AS SELECT 1 AS id, 'Vanuxem' AS last_name")
        for migration in ("0001_initial", "0002_extensions", "0003_trigrams"):
            MigrationRecorder(connection).record_applied("identity", migration)
        yield


def read_database():
    with connection.cursor() as cursor:
        tables = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- names from the database itself
            tables[table] = cursor.fetchall()
        return tables


@pytest.mark.usefixtures("former_database")
@pytest.mark.parametrize("options", [{}, {"fake": True}, {"check_unapplied": True}, {"app_label": "fragments"}])
def test_a_database_made_before_is_refused_and_not_changed(options):
    before = read_database()
    assert before.keys() == {"django_migrations", "identity_person"}
    with pytest.raises(CommandError) as refusal:
        call_command("migrate", interactive=False, verbosity=0, **options)
    assert str(refusal.value) == SENTENCE
    assert read_database() == before


@pytest.mark.usefixtures("former_database")
def test_a_start_of_the_workstation_refuses_it_too():
    before = read_database()
    with pytest.raises(CommandError, match="d’avant la version 1.0.0"):
        supervisor.prepare_database()
    assert read_database() == before


@pytest.mark.usefixtures("former_database")
def test_a_start_refuses_it_even_where_no_migration_is_left_to_apply():
    """Former first migrations have the names of today’s in most apps: the plan alone would tell nothing."""
    for app, name in MigrationLoader(None).disk_migrations:
        MigrationRecorder(connection).record_applied(app, name)
    before = read_database()
    with pytest.raises(CommandError, match="d’avant la version 1.0.0"):
        supervisor.prepare_database()
    assert read_database() == before


@pytest.mark.django_db
def test_a_database_of_a_later_version_is_not_refused():
    """The image before may run on its tables, and starts with `migrate`."""
    MigrationRecorder(connection).record_applied("mission", "0999_of_a_later_version")
    call_command("migrate", interactive=False, verbosity=0, check_unapplied=True)
