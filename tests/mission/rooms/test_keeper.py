"""The keeper of a room is informed once of a booking that waits for confirmation."""

import pytest
from django.utils import timezone

from assembly.workflow import StateConflict
from mission.registers.declaration import registers
from tests.factories.mission import BookingFactory


def test_a_keeper_is_informed_once(people):
    workflow = registers["bookings"].workflow
    booking = BookingFactory(state="to_confirm", keeper_informed_on=None)
    workflow.transition(booking, "inform_keeper", by=people["officer"])
    assert booking.keeper_informed_on == timezone.localdate()
    with pytest.raises(StateConflict):
        workflow.transition(booking, "inform_keeper", by=people["officer"])
