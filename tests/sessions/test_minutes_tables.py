"""The README says what the code does: states of minutes, ballots, corrections, actions, and whose steps they are."""

import pytest

from sessions.rules import minutes as rules
from sessions.workflows.action_items import ACTION
from sessions.workflows.ballots import BALLOT
from sessions.workflows.minutes import CORRECTION, FORMAL, REPORT
from tests.sessions.held import held_sitting
from tests.sessions.test_tables import table

TABLES = {
    "Formal minutes": FORMAL,
    "Report": REPORT,
    "Ballot": BALLOT,
    "Correction": CORRECTION,
    "Action": ACTION,
}


@pytest.mark.parametrize("title", TABLES)
def test_states_are_those_of_the_workflow(title):
    written = {(verb, frozenset(sources.split(", ")), target) for verb, sources, target in table(title)}
    assert written == {(step.verb, step.sources, step.target) for step in TABLES[title].steps}


def test_steps_belong_to_whom_the_table_says(people):
    minutes = held_sitting(people).begin()
    rows = table("Rights on minutes")
    assert [row[0] for row in rows] == list(rules.PAGE_ABILITIES)
    for verb, *cells in rows:
        for role, cell in zip(["lead", "officer", "facilitator", "member"], cells, strict=True):
            assert rules.holds_right(people[role], minutes, verb) == (cell == "yes"), (verb, role)
            assert not rules.holds_right(people.elsewhere(role), minutes, verb), (verb, role)
