"""A hundred times the demonstration: whole rows copied inside PostgreSQL, each copy with its own keys and references.

What is copied: the ROOTS, and of APPS everything that refers to something copied (the agenda of a sitting, the reviews
of a referral, the updates of a text…). A key that leads to a copied object follows the copy, also when it is written
as a label and a number; the others (terms, cantons, users, contents of files) stay. Unique rules of the database are
in force; foreign keys and the journal's triggers are not (its copied rows are only weight).
"""

from functools import cache

from django.apps import apps
from django.db import connection, models, transaction

from assembly.audit.models import Entry
from assembly.collab.models import SharedText
from assembly.documents.models import Document, ManifestEntry, ManifestSeal, Upload
from assembly.identity.models import Person
from assembly.notifications.models import Distribution
from assembly.search.models import SearchEntry
from assembly.search.registry import sources
from bench.report import say
from consultations.models import Referral
from members.models import Seat
from mission.registers.declaration import registers
from opinions.models import Opinion
from sessions.models import Sitting

Models = tuple[type[models.Model], ...]

ROWS = tuple(register.model for register in registers.values())
ROOTS: Models = (Person, Seat, Document, Upload, Distribution, Sitting, Referral, SharedText, *ROWS)
APPS = (
    "institution",
    "documents",
    "notifications",
    "collab",
    "members",
    "sittings",
    "consultations",
    "opinions",
    "answers",
    "mission",
)
ALONE: Models = (ManifestEntry, ManifestSeal)  # links of a chain: each holds the digest of the one before
STEP = 1_000_000
JOURNAL_ROWS = 100_000
NUMBERED = {("members_seat", "rank"), ("members_seat", "number")}
KEYS_OF_ROWS = {
    ("mission_registerfile", "row"),
    ("mission_registerlink", "row"),
    ("mission_registerlink", "other_row"),
}
# One operation per year takes the claims; one post belongs to somebody.
OF_ONE_ROW = {("mission_budgetline", "takes_expenses"): "false", ("mission_teampost", "holder_id"): "NULL"}


@cache
def copied() -> Models:
    """Return the roots, then the models that refer to them, level by level."""
    tables = list(ROOTS)
    rest = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    while level := [model for model in rest if model not in (*tables, *ALONE) and _refers_to(model, tables)]:
        tables += level
    return tuple(tables)


def _refers_to(model: type[models.Model], others: list[type[models.Model]]) -> bool:
    return any(field.related_model in others for field in model._meta.concrete_fields)


def _labels(models: Models) -> str:
    return ", ".join(f"'{model._meta.label}'" for model in models)


def _named(column: str, length: int) -> str:
    """Return SQL for a name that must be the copy’s own; an empty name stays empty."""
    return f"CASE WHEN {column} = '' THEN '' ELSE left({column}, {length - 4}) || '-c' || k END"


def _shifted(column: str) -> str:
    """Return SQL for a key written as text."""
    return f"({column}::bigint + k * {STEP})::text"


def _is_unique(field: models.Field) -> bool:
    """Return whether it is unique: alone, or together with fields that a copy shares with its original."""
    meta = field.model._meta
    rules = [rule.fields for rule in meta.constraints if isinstance(rule, models.UniqueConstraint)]
    shared = [rule for rule in rules if not any(meta.get_field(name).related_model in copied() for name in rule)]
    return field.unique or any(field.name in rule for rule in shared)


def _expression(field: models.Field, table: str) -> str:
    """Return SQL for the value of one column of copy `k`."""
    column = f'"{field.column}"'
    is_unique = _is_unique(field)
    if isinstance(field, models.UUIDField) and is_unique:
        return "gen_random_uuid()"
    if (table, field.column) in KEYS_OF_ROWS:
        return f"{column} + k * {STEP}"
    if field.related_model in copied() or (field.primary_key and field.related_model is None):
        return f"{column} + k * {STEP}"
    if (table, field.column) in OF_ONE_ROW:
        return OF_ONE_ROW[table, field.column]
    if (table, field.column) in NUMBERED:
        return f"{column} + k * 10"
    if field.column in {"subject_id", "target_id", "topic_id"}:
        own = _shifted(column) if isinstance(field, models.CharField) else f"{column} + k * {STEP}"
        label = field.column.replace("_id", "_type")
        return f"CASE WHEN {label} IN ({_labels(copied())}) THEN {own} ELSE {column} END"
    if (
        isinstance(field, models.CharField)
        and not field.choices
        and (is_unique or field.column in {"reference", "message_id"})
    ):
        return _named(column, field.max_length or 60)
    return column


def _copy(model: type[models.Model], copies: int, where: str = "true", **given: str) -> None:
    """Insert `copies` - 1 copies of the rows of the demonstration; `given` is the SQL of some columns."""
    table, key = model._meta.db_table, model._meta.pk
    original = "true" if isinstance(key, models.UUIDField) else f'"{key.column}" < {STEP}'
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(given.get(field.column) or _expression(field, table) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}", generate_series(1, %s) AS k'  # noqa: S608 -- our own names
            f" WHERE {original} AND {where}",
            [copies - 1],
        )


def _index(copies: int) -> None:
    """Copy the search entries of copied objects: words of the original, object and address of the copy."""
    kinds = ", ".join(f"'{source.kind}'" for source in sources() if source.objects().model in copied())
    address = (
        f"CASE WHEN address_key = reference THEN {_named('reference', 60)}"
        f" WHEN address_key ~ '^[0-9]+$' THEN {_shifted('address_key')} ELSE address_key END"
    )
    _copy(SearchEntry, copies, f"kind IN ({kinds})", object_id=_shifted("object_id"), address_key=address)


def _journal() -> None:
    """Repeat the journal’s lines until there are as many as a busy term produces."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry")
        repeats = JOURNAL_ROWS // max(cursor.fetchone()[0], 1) + 1
        columns = ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields if not field.primary_key)
        cursor.execute(
            f"INSERT INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry, generate_series(1, %s)",  # noqa: S608 -- our own names
            [repeats],
        )


def is_multiplied() -> bool:
    """Return whether this database holds copies already: they come all or none, in one transaction."""
    return Opinion.objects.filter(pk__gt=STEP).exists()


def multiply(copies: int = 100) -> None:
    """Make the database hold `copies` times its people, sittings, deliveries, referrals, opinions and texts."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model in copied():
            say(f"  ×{copies} {model.__name__}")
            _copy(model, copies)
        say(f"  ×{copies} words to search")
        _index(copies)
        _journal()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
