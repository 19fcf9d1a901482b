"""The README says what the code does: states and rights of sittings."""

from pathlib import Path

import pytest

import sessions
from assembly.workflow import SYSTEM_ONLY
from sessions.sittings import rules
from sessions.sittings.workflow import SITTING
from tests.factories.sessions import SittingFactory

README = (Path(sessions.__file__).parent / "README.md").read_text(encoding="utf-8")


def table(title):
    """Return the cells of the first table under a heading, without header and ruler."""
    part = README.split(f"# {title}\n", 1)[1]
    lines = part.split("\n## ")[0].split("\n### ")[0].splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows[2:]


def test_states_are_those_of_the_workflow():
    written = {(step_name, frozenset(sources.split(", ")), target) for step_name, sources, target in table("Sitting")}
    assert written == {(step.name, step.sources, step.target or "–") for step in SITTING.steps}


def test_two_steps_follow_the_minutes_and_the_others_are_the_team_s():
    nobody = {step.name for step in SITTING.steps if step.by is SYSTEM_ONLY}
    assert nobody == {"record_minutes", "reopen_minutes"}
    lead = {step.name for step in SITTING.steps if step.by.labels == ("responsable",)}
    assert lead == {"reopen", "undo_opening"}
    assert {label for step in SITTING.steps if step.name not in lead for label in step.by.labels} == {"équipe"}


@pytest.mark.django_db
@pytest.mark.parametrize("row", table("Rights"), ids=lambda row: row[0])
def test_rights_are_those_of_the_rules(row, people):
    name, *cells = row
    rule = getattr(rules, name)
    sittings = [
        SittingFactory(),
        SittingFactory(notified=True),
        SittingFactory(running=True),
        SittingFactory(held=True),
    ]
    for role, cell in zip(["lead", "officer", "facilitator", "member"], cells, strict=True):
        assert any(rule(people[role], sitting) for sitting in sittings) == (cell == "yes"), role
        assert not any(rule(people.elsewhere(role), sitting) for sitting in sittings), role
