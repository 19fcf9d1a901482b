"""Contributions of rooms: widgets of a resource and of a booking."""

from typing import Any

from assembly.portal.registry import Widget, add_widget
from mission.resources.models import Resource
from mission.rooms.models import Booking
from mission.rooms.queries import bookings_ahead

SHOWN = 10


def resource_widget(user: Any, subject: Resource) -> Widget:
    bookings = list(bookings_ahead(user, subject)[: SHOWN + 1])
    context = {"resource": subject, "bookings": bookings[:SHOWN], "has_more": len(bookings) > SHOWN}
    return Widget("mission/rooms/_resource_bookings.html", context)


def booking_widget(user: Any, subject: Booking) -> Widget:
    return Widget("mission/rooms/_booking_sheet.html", {"booking": subject})


add_widget("register-resources", resource_widget)
add_widget("register-bookings", booking_widget)
