"""The README says what the code does: rights on a review."""

from pathlib import Path

import pytest

import consultations
from consultations.models import ReviewState
from consultations.reviews.workflow import REVIEW
from tests.consultations.desk import agent, another, asked_of, written
from tests.factories.consultations import VisaLevelFactory

README = (Path(consultations.__file__).parent / "README.md").read_text(encoding="utf-8")
ROLES = ["lead", "officer", "dir_contact", "dir_approver", "another"]


def rows():
    part = README.split("### Rights on a review\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.django_db
def test_rights_are_those_of_the_rules(people):
    reviews = [written(asked_of(people, state)) for state in ReviewState]
    level = VisaLevelFactory(directorate=people.directorate, holder=agent(people.directorate))
    reviews.append(written(asked_of(people, ReviewState.SUBMITTED, visa_level=level)))
    _place, _contact, approver = another(people)
    users = [*(people[role] for role in ROLES[:-1]), approver]
    found = [
        {name for review in reviews for name, may in REVIEW.abilities(user, review).items() if may} for user in users
    ]
    said = {name: cells for name, *cells in rows()}
    assert set(said) | {"inherit", "skip_visa"} == set(REVIEW.abilities(users[0], reviews[0]))
    for name, cells in said.items():
        assert [name in names for names in found] == [cell == "yes" for cell in cells], name
