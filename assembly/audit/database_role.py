"""Rights of the two database roles in production: those of the application, and any excess of the present account.

The owner runs migrations and restores (`deploy/roles.sql` creates both). The application's role reads and writes rows:
no ALTER, no TRUNCATE, no trigger, and no UPDATE or DELETE where a trigger refuses them to everybody, so that an
attacker with the application's account cannot disable a trigger and rewrite the journal or the register of documents.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

DELETE, UPDATE = 8, 16  # bits of pg_trigger.tgtype
READ_ONLY = {"django_migrations", "audit_link"}  # links are written by their trigger, which runs as the owner
# `SELECT … FOR UPDATE` needs UPDATE on one column: rows of other append-only tables may be locked, by their key.
NEVER_LOCKED = ("audit_", "documents_")

RELATIONS = """
    SELECT c.relname, c.relkind,
        coalesce((
            SELECT bit_or(t.tgtype) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 1 = 0
                AND p.proname LIKE '%%\\_refuse\\_change'
        ), 0),
        (
            SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indrelid = c.oid AND i.indisprimary
        )
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND {}
    ORDER BY c.relname
"""
OURS = "pg_has_role(current_user, c.relowner, 'USAGE')"
POWERS = """
    SELECT rolname FROM pg_roles
    WHERE (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls
        OR rolname LIKE 'pg\\_write\\_%' OR rolname = 'pg_execute_server_program')
    AND pg_has_role(current_user, oid, 'MEMBER') ORDER BY rolname LIMIT 1
"""
OWNED = """
    SELECT name FROM (
        SELECT datname::text AS name, datdba AS owner FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT relname, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT proname, proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS objects WHERE pg_has_role(current_user, owner, 'MEMBER') ORDER BY name LIMIT 1
"""
SWITCHES = """
    SELECT has_parameter_privilege(current_user, 'session_replication_role', 'SET')
        OR has_schema_privilege(current_user, 'public', 'CREATE')
"""


def _relations(condition: str) -> list[tuple[str, str, int, str | None]]:
    """Return name, kind, refused operations (bits of tgtype) and first key column of the relations of the schema."""
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS.format(condition), [])
        return cursor.fetchall()


def _rights(name: str, kind: str, refused: int, key: str | None) -> sql.Composable:
    """Return the rights of the application's role on one relation."""
    if kind == "S":
        return sql.SQL("USAGE, SELECT")
    if name in READ_ONLY:
        return sql.SQL("SELECT")
    rights = "SELECT, INSERT" + ("" if refused & DELETE else ", DELETE")
    if not refused & UPDATE:
        return sql.SQL(rights + ", UPDATE")
    if key is None or name.startswith(NEVER_LOCKED):
        return sql.SQL(rights)
    return sql.SQL(rights + ", UPDATE ({})").format(sql.Identifier(key))


@transaction.atomic
def grant(role: str) -> None:
    """Give the application's role its rights on every table and sequence, and revoke any other.

    Called as the owner after each migration and each restore. Raise ProgrammingError when the role does not exist.
    """
    to = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(to))
        for name, kind, refused, key in _relations(OURS):
            on = sql.SQL("SEQUENCE {}" if kind == "S" else "{}").format(sql.Identifier(name))
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(on, to))
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(_rights(name, kind, refused, key), on, to))


def excess() -> list[str]:
    """List the rights of the present account that the application must not have, in French; empty when correct.

    The first finding of each kind is named. Raise OperationalError when the database does not answer.
    """
    with connection.cursor() as cursor:
        return list(_excess(cursor))


def _excess(cursor: Any) -> Iterator[str]:
    def first(query: str) -> Any:
        cursor.execute(query)
        row = cursor.fetchone()
        return row[0] if row else None

    account = first("SELECT current_user")
    if power := first(POWERS):
        yield _("Le compte « %(account)s » a les pouvoirs du rôle « %(power)s » de PostgreSQL.") % {
            "account": account,
            "power": power,
        }
        return
    if owned := first(OWNED):
        yield _("Le compte « %(account)s » est propriétaire de « %(owned)s ».") % {"account": account, "owned": owned}
        return
    if first(SWITCHES):
        yield _("Le compte « %(account)s » peut créer des objets ou éteindre les déclencheurs.") % {"account": account}
    for name, kind, refused, _key in _relations("true"):
        if kind != "S" and (right := _right_too_many(cursor, name, refused)):
            facts = {"account": account, "right": right, "name": name}
            yield _("Le compte « %(account)s » a le droit %(right)s sur « %(name)s ».") % facts
            return


def _right_too_many(cursor: Any, name: str, refused: int) -> str:
    never = ["TRUNCATE", "TRIGGER"]
    never += ["DELETE"] if refused & DELETE or name in READ_ONLY else []
    never += ["UPDATE"] if refused & UPDATE or name in READ_ONLY else []
    never += ["INSERT"] if name in READ_ONLY else []
    for right in never:
        by_column = right in {"UPDATE", "INSERT"} and name.startswith(NEVER_LOCKED)
        cursor.execute(
            "SELECT has_table_privilege(current_user, c.oid, %s)"
            " OR (%s AND has_any_column_privilege(current_user, c.oid, %s))"
            " FROM pg_class c WHERE c.relname = %s AND c.relnamespace = 'public'::regnamespace",
            [right, by_column, right if by_column else "SELECT", name],
        )
        if cursor.fetchone()[0]:
            return right
    return ""
