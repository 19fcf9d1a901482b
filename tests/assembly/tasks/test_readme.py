"""The README says what the code does: the steps of tasks and notes."""

import pytest

from assembly.tasks.workflow import NOTE, TASK
from tests.tables import table


@pytest.mark.parametrize(("title", "workflow"), [("Task", TASK), ("Note", NOTE)])
def test_the_table_of_the_readme_is_the_workflow(title, workflow):
    written = {
        (name, frozenset(sources.split(", ")), None if target == "–" else target)
        for name, sources, target, _who in table("assembly/tasks", title)
    }
    assert written == {(step.name, step.sources, step.target) for step in workflow.steps}
