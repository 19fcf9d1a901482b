"""Moves of data that migrations make: on rows as the version before left them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.factories.identity import UserFactory
from tests.factories.institution import TermFactory

BEFORE, AFTER = [("members", "0001_initial")], [("members", "0002_import_progress")]


def migrate(target):
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_an_import_confirmed_before_tells_who_started_it():
    term, officer, now = TermFactory(), UserFactory(), timezone.now()
    batches = migrate(BEFORE).get_model("members", "ImportBatch").objects
    try:
        told = {"term_id": term.pk, "created_by_id": officer.pk, "expires_at": now, "digest": "0" * 64}
        confirmed = batches.create(state="confirmed", confirmed_at=now, **told)
        waiting = batches.create(state="previewed", **told)
    finally:
        rows = migrate(AFTER).get_model("members", "ImportBatch").objects
    seen = dict(rows.values_list("pk", "started_by"))
    moments = dict(rows.values_list("pk", "moved_at"))
    rows.all().delete()
    assert seen == {confirmed.pk: officer.pk, waiting.pk: None}
    assert moments == {confirmed.pk: now, waiting.pk: None}
