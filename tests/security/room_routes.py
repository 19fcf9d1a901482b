"""The sheet of the keeper and the means of a sitting, beside the registers of rooms and of their bookings."""

from mission.registers.models import RegisterLink
from tests.factories.mission import BookingFactory, ResourceFactory
from tests.factories.sessions import SittingFactory
from tests.security.routes import TEAM, Route


def sitting_to_book(p):
    """Make a sitting, and a room that is chosen in the form of its means."""
    return {"pk": SittingFactory(term=p.term).pk}


def room_choice(p):
    room = ResourceFactory(assembly=p.assembly)
    return {"resources": [room.pk], "starts_at": "2027-03-01T09:00", "ends_at": "2027-03-01T12:00"}


def booked(p):
    sitting, booking = SittingFactory(term=p.term), BookingFactory(assembly=p.assembly)
    RegisterLink.objects.create(register="bookings", row=booking.pk, sitting=sitting, added_by=p["lead"])
    return {"pk": sitting.pk, "booking": booking.pk}


ROUTES: dict[str, Route] = {
    "mission:means-book": Route(get=TEAM, post=TEAM, of=sitting_to_book, data=room_choice),
    "mission:means-move": Route(post=TEAM, of=booked),
    "mission:keeper-sheet": Route(get=TEAM, of=lambda p: {"pk": ResourceFactory(assembly=p.assembly).pk}),
}
