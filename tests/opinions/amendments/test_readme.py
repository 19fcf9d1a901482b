"""The README says what the code does: states of amendments and of minority positions, and who may what."""

from pathlib import Path

import pytest

import opinions
from opinions.adoption.workflow import POSITION
from opinions.amendments.workflow import AMENDMENT
from opinions.models import AmendmentState, Opinion, OpinionState
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory
from tests.opinions.amendments.debated_opinion import amending, fresh, in_sitting

README = (Path(opinions.__file__).parent / "README.md").read_text(encoding="utf-8")
ROLES = ["author", "rapporteur", "member", "officer", "lead", "facilitator", "president"]


def table(title):
    """Return the cells of the first table under a heading, without header and ruler."""
    lines = README.split(f"# {title}\n", 1)[1].splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows[2:]


@pytest.mark.parametrize(
    ("title", "machine"), [("States of an amendment", AMENDMENT), ("States of a minority position", POSITION)]
)
def test_states_are_those_of_the_workflow(title, machine):
    written = {(step_name, frozenset(sources.split(", ")), target) for step_name, sources, target in table(title)}
    assert written == {(step.name, step.sources, step.target or "–") for step in machine.steps}


@pytest.mark.django_db
def test_rights_are_those_of_the_rules(people):
    """Somewhere in its life the amendment offers what the table says, to nobody else, and never elsewhere."""
    users = {role: people.make("member" if role in {"author", "rapporteur"} else role, people.term) for role in ROLES}
    found = []
    for opinion in (amending(people), in_sitting(people, voters=0)):
        for state in AmendmentState:
            facts = {"opinion": opinion, "author": users["author"].person}
            found.append(AmendmentFactory(state=state, **facts))
        found.append(AmendmentFactory(on_paper=True, **facts))
        Opinion.objects.filter(pk=opinion.pk).update(rapporteur=users["rapporteur"].person)
    for one in found:
        for role in ("member", "rapporteur"):
            AmendmentCosignerFactory(amendment=one, person=users[role].person)
    found = [fresh(one) for one in found]
    offered = {role: [AMENDMENT.abilities(users[role], one) for one in found] for role in ROLES}
    rows = table("Rights on an amendment")
    for what, *cells in rows:
        told = {role: cell == "yes" for role, cell in zip(ROLES, cells, strict=True)}
        assert told == {role: any(can[what] for can in offered[role]) for role in ROLES}, what
    for role in ("member", "officer", "lead"):
        assert not any(any(AMENDMENT.abilities(people.elsewhere(role), one).values()) for one in found)
    assert {what for what, *_cells in rows} == set(offered["lead"][0])
    assert OpinionState.AMENDING in {one.version.opinion.state for one in found}
