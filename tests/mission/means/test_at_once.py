"""Somebody books for a sitting, or moves a booking to its hours, while a colleague calls it off or moves it."""

from datetime import timedelta

import pytest

from assembly.workflow import StateConflict
from mission.means import actions as means
from mission.rooms.models import Booking
from sessions.models import Sitting
from tests.factories.mission import ResourceFactory
from tests.factories.sessions import SittingFactory
from tests.mission.rooms.test_at_once import both

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_is_booked_for_a_sitting_that_is_being_called_off(people):
    sitting, room, by = (
        SittingFactory(term=people.term, notified=True),
        ResourceFactory(assembly=people.assembly),
        people["lead"],
    )
    hours = {"starts_at": sitting.starts_at, "ends_at": sitting.ends_at}
    call_off = Sitting.objects.filter(pk=sitting.pk)
    with pytest.raises(StateConflict):
        both(
            lambda: call_off.update(state="cancelled", reason="Neige"),
            lambda: means.book(sitting, resources=[room], by=by, **hours),
        )
    assert Booking.objects.count() == 0


def test_a_booking_follows_to_the_hours_that_a_colleague_is_saving(people):
    sitting, room, by = (
        SittingFactory(term=people.term, notified=True),
        ResourceFactory(assembly=people.assembly),
        people["lead"],
    )
    hours = {"starts_at": sitting.starts_at, "ends_at": sitting.ends_at}
    [booking] = means.book(sitting, resources=[room], by=by, **hours)
    later = {name: moment + timedelta(days=7) for name, moment in hours.items()}
    Booking.objects.filter(pk=booking.pk).update(ends_at=sitting.ends_at - timedelta(hours=1))
    both(
        lambda: Sitting.objects.filter(pk=sitting.pk).update(break_starts_at=None, break_ends_at=None, **later),
        lambda: means.follow_sitting(sitting, Booking.objects.get(), by=by),
    )
    assert Booking.objects.get().starts_at == later["starts_at"]
