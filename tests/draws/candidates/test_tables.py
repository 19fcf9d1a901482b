"""The README says what the code does: states and rights of the call and of its candidates."""

import pytest

from draws.calls.workflow import CALL
from draws.candidates.workflow import CANDIDATE
from draws.draws.workflow.draw import INTERNAL
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.tables import table


@pytest.mark.parametrize(("title", "workflow"), [("Call", CALL), ("Candidate", CANDIDATE)])
def test_states(title, workflow):
    written = {
        (step_name, frozenset(sources.split(", ")), target) for step_name, sources, target in table("draws", title)
    }
    assert written == {(step.name, step.sources, step.target or "–") for step in workflow.steps}


def test_steps_of_an_internal_draw():
    rows = table("draws", "Internal draw")
    written = {(step_name, frozenset(sources.split(", ")), target, who) for step_name, sources, target, who in rows}
    who = {step.name: ", ".join(map(str, step.by.labels)) or "nobody" for step in INTERNAL}
    assert written == {(step.name, step.sources, step.target or "–", who[step.name]) for step in INTERNAL}


@pytest.mark.django_db
def test_rights(people):
    call = CallFactory(term=people.term)
    row = CandidateFactory(call=call)
    roles = ("lead", "officer", "facilitator", "member")
    asked = {step.name: (CALL, call) for step in CALL.steps} | {
        step.name: (CANDIDATE, row) for step in CANDIDATE.steps
    }
    written = {
        step_name: [cell == "yes" for cell in cells]
        for names, *cells in table("draws", "Rights")
        for step_name in names.split(", ")
    }
    found = {
        step_name: [workflow.has_permission(people[role], thing, step_name) for role in roles]
        for step_name, (workflow, thing) in asked.items()
    }
    assert found.pop("examine_again") == [False] * len(roles)
    assert written == found
    outside = [people[role] for role in ("dpo", "admin", "archivist", "sponsor", "witness", "stranger")]
    outside += [people.elsewhere(role) for role in ("lead", "officer")]
    for user in outside:
        assert not any(
            workflow.has_permission(user, thing, step_name) for step_name, (workflow, thing) in asked.items()
        )
