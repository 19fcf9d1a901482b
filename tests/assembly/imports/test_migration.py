"""A database of 1.0.0 with an import in it goes forward and back; the image before writes on the new tables."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from assembly.imports.former import take_over
from assembly.imports.models import ImportBatch
from tests.factories.identity import UserFactory
from tests.factories.imports import ImportBatchFactory

pytestmark = pytest.mark.django_db(transaction=True)
TABLE, FORMER = "imports_importbatch", "members_importbatch"


def ask(question, *values):
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchall()


def content_of(table):
    """Return rows, constraints, triggers and indexes of a table."""
    return (
        ask(f"SELECT to_jsonb(batch) FROM {table} AS batch ORDER BY id"),  # noqa: S608 -- a name of this module
        ask("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass ORDER BY 1", table),
        ask("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY 1", table),
        ask("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass ORDER BY 1", table),
    )


def content_type():
    ContentType.objects.clear_cache()
    [(number, app)] = ask("SELECT id, app_label FROM django_content_type WHERE model = 'importbatch'")
    return app, number, list(Permission.objects.filter(content_type=number).order_by("pk").values_list("codename"))


def migrate(*target):
    call_command("migrate", *target, verbosity=0, interactive=False)


@pytest.fixture
def forward_at_the_end():
    yield
    migrate()
    ContentType.objects.clear_cache()


@pytest.mark.usefixtures("forward_at_the_end")
def test_an_import_of_before_goes_forward_and_back():
    ImportBatchFactory()
    now, (app, number, permissions) = content_of(TABLE), content_type()
    assert (app, len(permissions), len(now[0]), len(now[2])) == ("imports", 4, 1, 2)
    migrate("members", "0001_initial")
    assert content_of(FORMER) == now
    assert content_type() == ("members", number, permissions)
    assert ask("SELECT to_regclass(%s)", TABLE) == [(None,)]
    migrate()
    assert content_of(TABLE) == now
    assert content_type() == ("imports", number, permissions)


def test_the_image_before_reads_and_writes_under_the_former_name():
    columns = ", ".join(field.column for field in ImportBatch._meta.concrete_fields if field.column != "id")
    batch = ImportBatchFactory(file_name="avant.csv")
    with transaction.atomic():
        assert ask(f"SELECT file_name FROM {FORMER} WHERE id = %s FOR NO KEY UPDATE", batch.pk) == [("avant.csv",)]  # noqa: S608 -- a name of this module
        [(former,)] = ask(f"DELETE FROM {FORMER} RETURNING to_jsonb({FORMER})")  # noqa: S608 -- as above
    assert not ImportBatch.objects.exists()
    filled = f"SELECT {columns} FROM jsonb_populate_record(NULL::{TABLE}, %s::jsonb)"  # noqa: S608 -- as above
    [(number,)] = ask(f"INSERT INTO {FORMER} ({columns}) {filled} RETURNING id", former)
    ask(f"UPDATE {FORMER} SET file_name = 'encore.csv' RETURNING id")  # noqa: S608 -- as above
    assert ImportBatch.objects.get(pk=number).file_name == "encore.csv"


@pytest.mark.usefixtures("forward_at_the_end")
def test_lines_of_an_import_get_rows_of_their_own_and_go_back():
    batch = ImportBatchFactory(
        state="running", started_by=UserFactory(), progressed_at=timezone.now(), total=2, done=1,
        former_rows=[{"line": 2, "plan": "create", "x": 1}, {"line": 4, "plan": "same"}],
        former_errors=[{"line": 3, "column": "Nom", "value": "", "message": "Vide."}],
    )  # fmt: skip
    before = content_of(TABLE)[0]
    migrate("imports", "0002_sources")
    assert content_of(TABLE)[0] == before
    migrate()
    batch = ImportBatch.objects.get()
    assert (batch.former_rows, batch.former_errors) == ([], [])
    told = [(line.line, line.plan, line.outcome) for line in batch.lines.order_by("line")]
    assert told == [(2, "create", "create"), (3, "refused", ""), (4, "same", "")]
    assert batch.errors == [{"line": 3, "column": "Nom", "value": "", "message": "Vide."}]
    migrate("imports", "0002_sources")
    assert content_of(TABLE)[0] == before


def test_an_import_of_the_image_before_is_taken_over():
    batch = ImportBatchFactory(former_rows=[{"line": 2, "plan": "create"}])
    take_over(ImportBatch.objects.get())
    take_over(batch)
    assert ImportBatch.objects.get().rows == [{"line": 2, "plan": "create"}]
    assert ImportBatch.objects.get().former_rows == []
