"""The README says what the code does: states of opinions, sections and readings, and who may what."""

import pytest

from opinions.checks.workflow import CHECK
from opinions.models import OpinionState
from opinions.opinions import rules
from opinions.opinions.workflow import OPINION
from opinions.sections.workflow import SECTION
from tests.factories.opinions import OpinionFactory
from tests.tables import table

ROLES = ["lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact"]


@pytest.mark.parametrize(
    ("title", "machine"), [("Opinion", OPINION), ("Section", SECTION), ("Services' check", CHECK)]
)
def test_states_are_those_of_the_workflow(title, machine):
    written = {
        (step_name, frozenset(sources.split(", ")), target) for step_name, sources, target in table("opinions", title)
    }
    assert written == {(step.name, step.sources, step.target or "–") for step in machine.steps}


@pytest.mark.django_db
def test_rights_are_those_of_the_rules(people):
    """Somewhere in its life the opinion offers what the table says, to nobody else, and never elsewhere."""
    found = [OpinionFactory(term=people.term, state=state) for state in OpinionState]

    def can(user, opinion):
        return OPINION.abilities(user, opinion) | rules.abilities(user, opinion)

    offered = {role: [can(people[role], opinion) for opinion in found] for role in ROLES}
    rows = table("opinions", "Rights")
    for what, *cells in rows:
        told = {role: cell == "yes" for role, cell in zip(ROLES, cells, strict=True)}
        assert told == {role: any(one[what] for one in offered[role]) for role in ROLES}, what
    for role in ROLES:
        assert not any(any(can(people.elsewhere(role), opinion).values()) for opinion in found)
    assert {what for what, *_cells in rows} == set(offered["lead"][0])
