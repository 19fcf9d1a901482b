"""The README says what the code does: states of minutes, ballots, corrections, and whose steps they are."""

import pytest

from sessions.decisions.workflow import BALLOT
from sessions.minutes.workflow.steps import DELIVERY, SEND_ANSWERS, SETTINGS
from sessions.minutes.workflow.tables import CORRECTION, FORMAL, MINUTES, REPORT
from sessions.models import MinutesState
from tests.sessions.sittings.closed_sitting import closed_sitting
from tests.sessions.sittings.test_tables import table

BOTH = {*SETTINGS, SEND_ANSWERS, *DELIVERY}
TABLES = {
    "Formal minutes": set(FORMAL) - BOTH,
    "Report": set(REPORT) - BOTH,
    "Both kinds": BOTH,
    "Ballot": BALLOT.steps,
    "Correction": CORRECTION.steps,
}
EVERY_STATE = frozenset(map(str, MinutesState))


@pytest.mark.parametrize("title", TABLES)
def test_states_are_those_of_the_workflow(title):
    written = {
        (
            step_name,
            EVERY_STATE if sources == "any" else frozenset(sources.split(", ")),
            None if target == "–" else target,
        )
        for step_name, sources, target in table(title)
    }
    assert written == {(step.name, step.sources, step.target) for step in TABLES[title]}


def test_steps_belong_to_whom_the_table_says(people):
    both = [closed_sitting(people).begin(), closed_sitting(people, committee=True).begin()]
    rows = table("Rights on minutes")
    assert sorted(row[0] for row in rows) == sorted({step.name for step in MINUTES.steps})
    for step_name, *cells in rows:
        for role, cell in zip(["lead", "officer", "facilitator", "member"], cells, strict=True):
            assert any(MINUTES.has_permission(people[role], row, step_name) for row in both) == (cell == "yes"), (
                step_name,
                role,
            )
            assert not any(MINUTES.has_permission(people.elsewhere(role), row, step_name) for row in both), (
                step_name,
                role,
            )
