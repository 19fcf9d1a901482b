"""The README says what the code does: states and rights."""

import re
from pathlib import Path

import pytest

import members
from members import rules
from members.mandates.workflow import MANDATE, NAME_REQUEST
from tests.factories.members import ContactFactory, MandateFactory

README = (Path(members.__file__).parent / "README.md").read_text(encoding="utf-8")


def table(title):
    """Return the cells of the first table under this heading."""
    part = README.split(f"# {title}\n", 1)[1]
    rows = re.findall(r"^\|(.+)\|$", part.split("\n#", 1)[0], re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows[2:]]


@pytest.mark.parametrize(("title", "workflow"), [("Mandate", MANDATE), ("NameChangeRequest", NAME_REQUEST)])
def test_states(title, workflow):
    written = {
        (step_name, frozenset(sources.split(", ")), target, who) for step_name, sources, target, who in table(title)
    }
    steps = workflow.steps
    assert written == {(step.name, step.sources, step.target or "–", who(step)) for step in steps}
    assert len(written) == len(steps)


def who(step):
    return ", ".join(map(str, step.by.labels)) or "nobody"


QUESTIONS = {
    "can_see_directory": lambda user, mandate: rules.can_see_directory(user, mandate.term),
    "can_see_private": lambda user, mandate: rules.can_see_private(user, mandate.term),
    "can_see_public_directory": lambda user, mandate: rules.can_see_public_directory(user, mandate.term),
    "can_manage": lambda user, mandate: rules.can_manage(user, mandate.term),
    "can_create_seats": lambda user, mandate: rules.can_create_seats(user, mandate.term),
    "can_publish_charter": lambda user, mandate: rules.can_publish_charter(user, mandate.term),
    "can_correct": rules.can_correct,
    "can_manage_contacts": lambda user, mandate: rules.can_manage_contacts(
        user, ContactFactory(assembly=mandate.term.assembly)
    ),
}


@pytest.mark.django_db
def test_rights(people):
    mandate = MandateFactory()
    roles = ("lead", "officer", "facilitator", "member")
    written = {row[0]: [cell == "yes" for cell in row[1:]] for row in table("Rights")}
    found = {name: [bool(ask(people[role], mandate)) for role in roles] for name, ask in QUESTIONS.items()}
    assert written == found
    outside = [people[role] for role in ("dpo", "admin", "archivist", "dir_contact", "sponsor", "witness", "stranger")]
    outside += [people.elsewhere(role) for role in ("lead", "officer", "facilitator", "member")]
    for user in outside:
        assert not any(ask(user, mandate) for ask in QUESTIONS.values())


@pytest.mark.django_db
def test_every_rule_has_its_line():
    asked = {name for name in vars(rules) if name.startswith("can_")}
    assert asked == set(QUESTIONS)
