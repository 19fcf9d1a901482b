"""Two database roles: with the application's account the journal cannot be rewritten; the owner's migrates.

Everything is asked of a real PostgreSQL, in a database of its own, with the roles that deploy/roles.sql makes. Its
tables were migrated by an owner of the same kind (tests/databases.py), whose place this one takes.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from assembly.local import addresses, engines
from tests import databases

PSQL = engines.postgres_folder(os.environ) / "psql"


@dataclass
class RoleDatabase:
    """A migrated database with its two roles; the server trusts whoever comes through its socket."""

    name: str
    owner: str
    application: str
    data: Path

    def url(self, role: str) -> str:
        return f"postgres://{role}@/{self.name}?host={connection.settings_dict['HOST']}"

    def connect(self, role: str) -> psycopg.Connection:
        return psycopg.connect(self.url(role))

    def manage(self, role: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        given = {
            "PATH": os.environ["PATH"],
            "ASSEMBLY_LOCAL": "1",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": self.url(role),
            "DATABASE_APPLICATION_ROLE": self.application if role == self.owner else "",
            "REDIS_URL": settings.REDIS_URL,
            "DATA_DIR": str(self.data),
            **environ,
        }
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=addresses.ROOT, env=given, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def role_database(django_db_setup, tmp_path_factory):
    test = connection.settings_dict
    name = f"{test['NAME']}_roles"
    made = RoleDatabase(name, f"{name}_owner", f"{name}_app", tmp_path_factory.mktemp("roles"))
    folder, migrated = Path(test["HOST"]), test["TEST"]["TEMPLATE"]

    def sweep(server):
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for role in (made.owner, made.application):
            server.execute(f'DROP ROLE IF EXISTS "{role}"')

    with psycopg.connect(host=str(folder), user=test["USER"], dbname="postgres", autocommit=True) as server:
        sweep(server)
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')
        roles = subprocess.run(
            [PSQL, "-X", "-v", "ON_ERROR_STOP=1", "-h", folder, "-U", test["USER"], "-d", name]
            + ["-v", f"owner={made.owner}", "-v", f"application={made.application}"]
            + ["-f", addresses.ROOT / "deploy" / "roles.sql"],
            env={**os.environ, "DATABASE_OWNER_PASSWORD": "one", "DATABASE_PASSWORD": "two"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert roles.returncode == 0, roles.stderr
        with psycopg.connect(host=str(folder), user=test["USER"], dbname=name) as database:
            database.execute(f'REASSIGN OWNED BY "{databases.owner_of(migrated)}" TO "{made.owner}"')
        migrated = made.manage(made.owner, "migrate", "--noinput")
        assert migrated.returncode == 0, migrated.stderr
        yield made
        sweep(server)


def write_line(role_database: RoleDatabase, number: int) -> None:
    """Commit one line of the journal with the application's account."""
    with role_database.connect(role_database.application) as database:
        database.execute(
            "INSERT INTO audit_entry"
            " (at, event_type, subject_type, subject_id, dossier_type, dossier_id, facts, canonical)"
            " VALUES (now(), 'test.done', 'x', '1', '', '', '{}', %s)",
            [f"line {number}"],
        )


def test_the_application_writes_lines_and_the_trigger_links_them(role_database):
    write_line(role_database, 1)
    write_line(role_database, 2)
    with role_database.connect(role_database.application) as database:
        linked = database.execute("SELECT count(*) FROM audit_link l JOIN audit_entry e ON e.id = l.entry_id")
        assert linked.fetchone()[0] >= 2


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_frozen",
        "SET session_replication_role = replica",
        "DROP TRIGGER audit_entry_frozen ON audit_entry",
        "CREATE TRIGGER other BEFORE INSERT ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()",
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "UPDATE audit_entry SET event_type = 'test.other'",
        "UPDATE audit_entry SET id = id",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry CASCADE",
        "ALTER TABLE audit_entry ADD COLUMN other int",
        "DROP TABLE audit_link",
        "UPDATE audit_link SET hash = repeat('0', 64)",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link (seq, entry_id, hash) VALUES (99, 1, repeat('0', 64))",
        "UPDATE audit_head SET hash = repeat('0', 64)",
        "DELETE FROM audit_head",
        "UPDATE documents_manifestentry SET entry_hash = ''",
        "DELETE FROM documents_manifestentry",
        "TRUNCATE documents_manifestentry CASCADE",
        "DELETE FROM documents_revision",
        "ALTER TABLE documents_revision DISABLE TRIGGER ALL",
        "UPDATE documents_blob SET sha256 = ''",
        "DELETE FROM collab_update",
        "UPDATE opinions_opinionversion SET number = 9",
        "TRUNCATE identity_person CASCADE",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE audit_link (id int)",
        "DELETE FROM django_migrations",
        "COPY audit_entry TO PROGRAM 'cat'",
        "SET ROLE {owner}",
        "ALTER DATABASE {name} OWNER TO {application}",
        "CREATE ROLE other SUPERUSER",
    ],
)
def test_with_the_application_account(attack, role_database):
    write_line(role_database, 3)
    words = {"owner": role_database.owner, "application": role_database.application, "name": role_database.name}
    statement = attack.format(**words) if "{owner}" in attack or "{application}" in attack else attack
    with (
        role_database.connect(role_database.application) as database,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        database.execute(statement)


def test_a_grant_that_gives_nothing_leaves_no_right(role_database):
    """PostgreSQL answers a GRANT of somebody without that right with a warning: the right is asked again."""
    with role_database.connect(role_database.application) as database:
        database.execute(f'GRANT ALL ON audit_entry TO "{role_database.application}"')
        query = "SELECT has_table_privilege('audit_entry', 'UPDATE'), has_table_privilege('audit_entry', 'TRIGGER')"
        assert database.execute(query).fetchone() == (False, False)


def test_versions_of_an_opinion_may_be_locked_but_not_changed(role_database):
    with role_database.connect(role_database.application) as database:
        database.execute("SELECT id FROM opinions_opinionversion FOR NO KEY UPDATE")
        with pytest.raises(psycopg.errors.RestrictViolation):
            database.execute("UPDATE opinions_opinionversion SET id = id")


def test_the_deploy_check_says_which_account_may_do_too_much(role_database):
    words = ("check", "--deploy", "--database", "default", "--tag", "production")
    assert (
        "portal.E005"
        not in role_database.manage(role_database.application, *words, ASSEMBLY_LOCAL="0", **PRODUCTION).stderr
    )
    said = role_database.manage(role_database.owner, *words, ASSEMBLY_LOCAL="0", **PRODUCTION)
    assert said.returncode == 1
    assert f"Le compte « {role_database.owner} » est propriétaire de «" in said.stderr
    superuser = role_database.manage(connection.settings_dict["USER"], *words, ASSEMBLY_LOCAL="0", **PRODUCTION)
    assert superuser.returncode == 1
    assert "a les pouvoirs du rôle" in superuser.stderr


TOO_MANY = [
    ("UPDATE", "audit_entry"),
    ("TRUNCATE", "identity_person"),
    ("TRIGGER", "audit_link"),
    ("DELETE", "audit_head"),
]


@pytest.mark.parametrize(("right", "table"), TOO_MANY)
def test_one_right_too_many_is_named(right, table, role_database):
    words = ("check", "--deploy", "--database", "default", "--tag", "production")
    with role_database.connect(role_database.owner) as database:
        database.execute(f'GRANT {right} ON {table} TO "{role_database.application}"')
    said = role_database.manage(role_database.application, *words, ASSEMBLY_LOCAL="0", **PRODUCTION)
    with role_database.connect(role_database.owner) as database:
        database.execute(f'REVOKE {right} ON {table} FROM "{role_database.application}"')
    assert (said.returncode, f"a le droit {right} sur « {table} »" in said.stderr) == (1, True), said.stderr


def test_the_next_migration_takes_every_right_too_many_back(role_database):
    with role_database.connect(role_database.owner) as database:
        for right, table in TOO_MANY:
            database.execute(f'GRANT {right} ON {table} TO "{role_database.application}"')
    assert role_database.manage(role_database.owner, "migrate", "--noinput").returncode == 0
    with role_database.connect(role_database.application) as database:
        for right, table in TOO_MANY:
            assert database.execute("SELECT has_table_privilege(%s, %s)", [table, right]).fetchone() == (False,)


@pytest.mark.long
def test_the_whole_demonstration_is_played_with_the_application_account(role_database):
    """Every act of the role_database, a lock on a row included, is within the rights of the application."""
    played = role_database.manage(
        role_database.application, "demo", ASSEMBLY_DEMO="1", SITE_URL="http://localhost:8000"
    )
    assert played.returncode == 0, played.stderr
    backup = role_database.manage(role_database.application, "backup", str(role_database.data / "backup"))
    assert backup.returncode == 0, backup.stderr


PRODUCTION = {
    "SITE_URL": "https://assemblee.example.org",
    "ALLOWED_HOSTS": "assemblee.example.org",
    "SECRET_KEY": "k" * 25 + "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "DEFAULT_FROM_EMAIL": "assemblee@example.org",
    "SMTP_URL": "smtp://127.0.0.1:1/",
    "MAIL_WEBHOOK_SECRET": "brevo:secret-of-the-test",
    "DATABASE_POOL": "0",
}
