"""The files of answers change hands with their rows: same table, nothing rewritten."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.members.test_migrations import migrate

BEFORE = [("opinions", "0005_easy_read_file")]  # which takes back what depends on the next one
AFTER = [("answers", "0003_append_only"), ("opinions", "0006_answer_files_leave")]
ROWS = """SELECT id, recommendation_id, state, opened_on, due_on, ctid::text, xmin::text
    FROM opinions_answerfile ORDER BY id"""


def rows():
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_rows_of_the_former_schema_are_not_rewritten():
    opinion = OpinionFactory(state="handed_over")
    kept, today = [RecommendationFactory(opinion=opinion).pk for _ in range(10)], timezone.localdate()
    files = migrate(BEFORE).get_model("opinions", "AnswerFile").objects
    try:
        files.bulk_create(files.model(recommendation_id=pk, opened_on=today, due_on=today) for pk in kept)
        before = rows()
    finally:
        found = migrate(AFTER).get_model("answers", "AnswerFile").objects
    assert rows() == before
    with connection.cursor() as cursor:  # as the version before writes one, while both run
        late = RecommendationFactory(opinion=opinion).pk
        columns = "(recommendation_id, state, opened_on, due_on)"
        values = [late, "awaiting", today, today]
        cursor.execute(f"INSERT INTO opinions_answerfile {columns} VALUES (%s, %s, %s, %s)", values)  # noqa: S608 -- names
    assert [row[1] for row in before] == kept
    assert set(found.values_list("recommendation", "whole_of", "directorate", "answered_on", "due_reason")) == {
        (pk, None, None, None, "") for pk in [*kept, late]
    }
    found.all().delete()
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("answers"))
