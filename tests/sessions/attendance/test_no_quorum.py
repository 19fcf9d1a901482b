"""What the lack of a quorum does to an open sitting, by the rule of the term."""

import pytest

from assembly.institution.models import NoQuorumRule
from sessions.sittings.workflow import SITTING
from tests.factories.sessions import SittingFactory


@pytest.mark.parametrize("rule", NoQuorumRule.values)
@pytest.mark.parametrize("state", ["open", "suspended"])
def test_an_open_sitting_is_suspended_first_only_where_the_rule_says_so(people, rule, state):
    sitting = SittingFactory(term=people.term, running=True)
    sitting.state, sitting.term.no_quorum_rule = state, rule
    targets = [step.target for step in SITTING.steps if step.name == "note_no_quorum" and step.is_available(sitting)]
    is_suspended_first = state == "open" and rule == NoQuorumRule.SUSPEND
    assert targets == ["suspended" if is_suspended_first else "not_quorate"]
