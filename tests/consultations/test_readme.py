"""The README says what the code does: states, and who may what on a referral."""

from pathlib import Path

import pytest

import consultations
from consultations.hearings.workflow import HEARING
from consultations.models import ReferralState
from consultations.referrals import rules
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.reviews.workflow import REVIEW
from tests.factories.consultations import ReferralDirectorateFactory, ReferralFactory

README = (Path(consultations.__file__).parent / "README.md").read_text(encoding="utf-8")
ACTS = "Acts that leave a referral where it is"
ROLES = ["lead", "officer", "facilitator", "president", "sponsor", "member", "dir_contact"]


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
    ("title", "steps"),
    [
        ("Referral of the president", REFERRAL.tables["president"]),
        ("Self-referral", REFERRAL.tables["self_referral"]),
        ("Review", REVIEW.steps),
        ("Hearing", HEARING.steps),
    ],
)
def test_states_are_those_of_the_workflow(title, steps):
    written = {(step_name, frozenset(sources.split(", ")), target) for step_name, sources, target in table(title)}
    assert written == {(step.name, step.sources, step.target) for step in steps if step.target}


@pytest.mark.parametrize(("origin", "foreign"), [("president", "self_referral"), ("self_referral", "president")])
def test_acts_are_those_of_the_workflow(origin, foreign):
    every = frozenset(ReferralState) - set(ReferralState.tagged(foreign))
    cells = {act: own if origin == "self_referral" else president for act, president, own in table(ACTS)}
    written = {
        (act, every if cell == "any" else frozenset(cell.split(", "))) for act, cell in cells.items() if cell != "–"
    }
    assert written == {(step.name, step.sources) for step in REFERRAL.tables[origin] if not step.target}


def abilities(user, referral):
    return REFERRAL.abilities(user, referral) | rules.abilities(user, referral)


@pytest.mark.django_db
def test_rights_are_those_of_the_rules(people):
    """Somewhere in its life the referral offers what the table says, to nobody else, and never elsewhere."""
    S = ReferralState
    of_president = [state for state in S if state not in S.tagged("self_referral")]
    of_itself = [state for state in S if state not in S.tagged("president")]
    found = [ReferralFactory(term=people.term, state=state) for state in of_president]
    found += [ReferralFactory(term=people.term, own=True, state=state) for state in of_itself]
    found.append(ReferralFactory(term=people.term, issued=True, published=True))
    for referral in found:
        ReferralDirectorateFactory(referral=referral, directorate=people.directorate)
    offered = {role: [abilities(people[role], referral) for referral in found] for role in ROLES}
    rows = table("Rights")
    for what, *cells in rows:
        told = {role: cell == "yes" for role, cell in zip(ROLES, cells, strict=True)}
        assert told == {role: any(can[what] for can in offered[role]) for role in ROLES}, what
    for role in ROLES:
        assert not any(any(abilities(people.elsewhere(role), referral).values()) for referral in found)
    president, own = ({step.name for step in REFERRAL.tables[origin]} for origin in ("president", "self_referral"))
    assert {what for what, *_cells in rows} | (own - president) == set(abilities(people["lead"], found[0]))
