"""The README says what the code does: absences in a row, claims of expenses."""

import pytest

from sessions.attendance.workflow import ABSENCE
from sessions.expenses.workflow import EXPENSE
from tests.sessions.sittings.test_tables import table


@pytest.mark.parametrize(("title", "workflow"), [("Absences in a row", ABSENCE), ("Expense claim", EXPENSE)])
def test_states_and_rights_are_those_of_the_workflow(title, workflow):
    written = {
        (step_name, frozenset(sources.split(", ")), target, who) for step_name, sources, target, who in table(title)
    }
    found = {
        (step.name, step.sources, step.target or "–", ", ".join(map(str, step.by.labels)) or "–")
        for step in workflow.steps
    }
    assert written == found
