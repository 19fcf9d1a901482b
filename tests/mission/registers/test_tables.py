"""The README says what the code does: the steps of every register, from where, to where, and whose they are."""

from dataclasses import replace

import pytest

from mission.registers.declaration import registers
from mission.registers.models import RegisterRow
from tests.tables import table

HEADINGS = {
    "bookings": "Bookings",
    "budget": "Budget",
    "contracts": "Contracts",
    "digests": "Watch: letters",
    "grants": "Grants",
    "legal": "Legal items",
    "lists": "Mailing lists",
    "messages": "Messages to a list",
    "methods": "Method sheets",
    "partners": "Partners",
    "people": "Team",
    "resources": "Rooms and equipment",
    "schemes": "Schemes",
    "sources": "Watch: sources",
    "support": "Requests for support",
    "trips": "Trips",
    "watch": "Watch: items",
}
BEFORE_THE_VOTE = "received, incomplete, assessment, committee"
WHO = {
    "équipe": "team",
    "responsable": "lead",
    "qui lit et n’a pas encore noté": "each of the two readers",
    "la direction qui demande": "or the directorate that asked",
}


def test_every_register_has_its_table():
    assert set(registers) == set(HEADINGS)


def test_a_register_without_states_does_not_start():
    with pytest.raises(TypeError, match="RegisterRow.state: declare it with state_field"):
        replace(registers["partners"], model=RegisterRow)


@pytest.mark.parametrize("key", HEADINGS)
def test_states(key):
    written = {
        (step_name, frozenset(sources.replace("every state before the vote", BEFORE_THE_VOTE).split(", ")), target)
        for step_name, sources, target, _who in table("mission", HEADINGS[key])
    }
    steps = registers[key].workflow.steps
    assert written == {(step.name, step.sources, step.target or "–") for step in steps}


@pytest.mark.parametrize("key", HEADINGS)
def test_who(key):
    """What else the cell says is no role: when, how often, by which door."""
    steps = {step.name: step for step in registers[key].workflow.steps}
    for step_name, _sources, _target, who in table("mission", HEADINGS[key]):
        told = [WHO[str(label)] for label in steps[step_name].by.labels]
        assert who.split(", ")[: len(told)] == told, step_name
