"""Who writes minutes, and until when."""

import pytest

from sessions.minutes.rules import can_write
from sessions.models import Minutes, MinutesState
from tests.factories.sessions import SittingFactory

WRITTEN = {MinutesState.DRAFT, MinutesState.INTERNAL_CHECK, MinutesState.VALIDATED}


@pytest.mark.parametrize("state", MinutesState)
@pytest.mark.parametrize("role", ["officer", "member", "dir_contact"])
def test_the_team_writes_until_the_text_is_circulated(people, role, state):
    minutes = Minutes(sitting=SittingFactory(term=people.term, held=True), state=state)
    assert can_write(people[role], minutes) == (role == "officer" and minutes.is_being_written)
    assert minutes.is_being_written == (state in WRITTEN)
