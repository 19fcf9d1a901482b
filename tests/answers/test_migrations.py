"""The files of answers change hands with their rows: same table, nothing rewritten."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from answers.enums import AnswerValue
from answers.models import FollowUp
from assembly.identity.personal_data import months_later
from tests.factories.answers import AnswerFactory, AnswerFileFactory, said
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory
from tests.members.test_migrations import migrate

BEFORE = [("opinions", "0005_easy_read_file")]  # which takes back what depends on the next one
AFTER = [("answers", "0003_append_only"), ("opinions", "0006_answer_files_leave")]
ROWS = """SELECT id, recommendation_id, state, opened_on, due_on, ctid::text, xmin::text
    FROM opinions_answerfile ORDER BY id"""


@pytest.fixture
def tables_of_today():
    """Whatever a test leaves, the next one finds the tables of the models."""
    yield
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes("answers"))


def rows():
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
@pytest.mark.usefixtures("tables_of_today")
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
@pytest.mark.usefixtures("tables_of_today")
def test_what_was_published_before_is_followed_up_once():
    """The last version of each file, where it promises something; the first update is due a rhythm from now."""
    kept = {}
    for value in (AnswerValue.ACCEPTED, AnswerValue.REJECTED, AnswerValue.UNDER_STUDY):
        file = AnswerFileFactory(state="published", directorate=DirectorateFactory())
        AnswerFactory(file=file, number=1, published=True, **said(AnswerValue.ACCEPTED))
        AnswerFactory(file=file, number=2, published=True, **said(value, service="Mobilités"))
        kept[value] = file
    draft = AnswerFactory(**said()).file
    before = migrate([("answers", "0005_abandoned_versions")])
    assert before.get_model("answers", "Answer").objects.count() == 7
    migrate([("answers", "0006_follow_up")])
    rows = {row.file_id: row for row in FollowUp.objects.all()}
    assert set(rows) == {kept[AnswerValue.ACCEPTED].pk, kept[AnswerValue.UNDER_STUDY].pk}
    assert draft.pk not in rows
    row, today = rows[kept[AnswerValue.ACCEPTED].pk], timezone.localdate()
    assert (row.state, row.directorate, row.service) == (
        "planned",
        kept[AnswerValue.ACCEPTED].directorate,
        "Mobilités",
    )
    assert (row.opened_on, row.update_due_on) == (today, months_later(today, 3))
