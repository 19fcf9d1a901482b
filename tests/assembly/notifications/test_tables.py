"""The README says what the code does: states and rights."""

from pathlib import Path

import pytest

from assembly import notifications
from assembly.notifications import rules
from assembly.notifications.models import DeliveryState as S
from assembly.notifications.workflow import DELIVERY
from tests.factories.notifications import DeliveryFactory

README = (Path(notifications.__file__).parent / "README.md").read_text(encoding="utf-8")
ABOUT_A_DELIVERY = {
    "can_replace_with_letter": S.BOUNCED,
}


def table(title: str) -> list[list[str]]:
    """Return the rows of the first table under a heading, the header first."""
    part = README.split(f"# {title}\n", 1)[1]
    lines = [line for line in part.split("\n#", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]


def test_states_of_the_readme_are_those_of_the_workflow():
    lines = table("Delivery")[1:]
    written = {(step_name, frozenset(source.split(", ")), target, who) for step_name, source, target, who in lines}
    assert written == {(step.name, step.sources, step.target or "–", who(step)) for step in DELIVERY.steps}


def who(step) -> str:
    return ", ".join(map(str, step.by.labels)) or "nobody"


@pytest.mark.django_db
def test_rights_of_the_readme_are_those_of_the_rules(people):
    header, *rows = table("Rights")
    found = [header]
    for name, *_said in rows:
        delivery = DeliveryFactory(state=ABOUT_A_DELIVERY.get(name, S.SENT))
        rule = getattr(rules, name)
        subject = {"can_see_list": ()}.get(name, (delivery if name in ABOUT_A_DELIVERY else delivery.distribution,))
        found.append([name, *("yes" if rule(people[who], *subject) else "no" for who in header[1:])])
    assert found == [header, *rows]
