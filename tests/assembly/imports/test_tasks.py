"""Tasks have the names of version 1.0.0: what it queued is run, and what is queued now is run by its workers."""

import pytest

from assembly.config.celery import app
from assembly.imports import tasks, workflow as imports

NAMES = {
    "members.tasks.import_members": tasks.work_on_import,
    "members.tasks.take_up_imports": tasks.take_up_imports,
    "members.tasks.erase_imports": tasks.erase_imports,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_task_is_found_by_its_name(name):
    assert app.tasks[name].run is NAMES[name].run


def test_the_clock_and_the_confirmation_use_these_names():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert NAMES.keys() <= {imports.IMPORT_TASK, *scheduled}
