"""A hundred times the demonstration: whole rows copied inside PostgreSQL, each copy with its own keys and references.

Foreign keys between copied tables follow the copy; those to other tables (terms, cantons, users) stay. Checks and
unique rules of the database are in force; the journal's triggers are not (its copied rows are only weight).
"""

from django.db import connection, models, transaction

from assembly.audit.models import Entry
from assembly.documents.models import Document, Revision
from assembly.identity.models import Person
from assembly.institution.models import CommitteeMembership
from assembly.notifications.models import Delivery, Distribution
from bench.report import say
from members.models import Mandate, Member, Seat
from sessions.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Ballot,
    Decision,
    Invitee,
    Minutes,
    MinutesSection,
    Notice,
    Sitting,
)

COPIED: tuple[type[models.Model], ...] = (
    Person,
    Member,
    Seat,
    Mandate,
    CommitteeMembership,
    Document,
    Revision,
    Sitting,
    AgendaItem,
    Invitee,
    Attendance,
    Ballot,
    Decision,
    ActionItem,
    Minutes,
    MinutesSection,
    Distribution,
    Delivery,
    Notice,
)
STEP = 1_000_000
JOURNAL_ROWS = 100_000
NUMBERED = {("members_seat", "rank"), ("members_seat", "number")}


def _expression(field: models.Field, table: str) -> str:
    """What one column of copy `k` holds."""
    column = f'"{field.column}"'
    if field.primary_key or (field.remote_field and field.remote_field.model in COPIED):
        return f"{column} + k * {STEP}"
    if (table, field.column) in NUMBERED:
        return f"{column} + k * 10"
    if isinstance(field, models.UUIDField) and field.unique:
        return "gen_random_uuid()"
    if isinstance(field, models.CharField) and (field.unique or field.column in {"reference", "message_id"}):
        return f"left({column}, {(field.max_length or 60) - 6}) || '-c' || k"
    return column


def _copy(model: type[models.Model], copies: int) -> None:
    table = model._meta.db_table  # noqa: SLF001 -- _meta is Django's public name
    fields = [field for field in model._meta.concrete_fields if not field.generated]  # noqa: SLF001 -- see above
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_expression(field, table) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}", generate_series(1, %s) AS k'  # noqa: S608 -- our own names
            f" WHERE id < {STEP}",
            [copies - 1],
        )


def _journal() -> None:
    """Repeat the journal's lines until there are as many as a busy term leaves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        repeats = JOURNAL_ROWS // max(cursor.fetchone()[0], 1) + 1
        columns = ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields if not field.primary_key)  # noqa: SLF001 -- see above
        cursor.execute(
            f"INSERT INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry, generate_series(1, %s)",  # noqa: S608 -- our own names
            [repeats],
        )


def is_multiplied() -> bool:
    """Whether this database holds copies already: they come all or none, in one transaction."""
    return Sitting.objects.filter(pk__gt=STEP).exists()


def multiply(copies: int = 100) -> None:
    """Make the database hold `copies` times its sittings, members, minutes and deliveries."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model in COPIED:
            say(f"  ×{copies} {model.__name__}")
            _copy(model, copies)
        _journal()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
