"""Widgets: the next bookings on the page of a resource, the sheet for the keeper on that of a booking."""

from typing import Any

from assembly.portal.registry import Panel, register_panel
from mission.resources.models import Resource
from mission.rooms.models import Booking
from mission.rooms.queries import bookings_ahead

SHOWN = 10


def resource_panel(user: Any, subject: Resource) -> Panel:
    bookings = list(bookings_ahead(user, subject)[: SHOWN + 1])
    context = {"resource": subject, "bookings": bookings[:SHOWN], "has_more": len(bookings) > SHOWN}
    return Panel("mission/_resource_bookings.html", context)


def booking_panel(user: Any, subject: Booking) -> Panel:
    return Panel("mission/_booking_sheet.html", {"booking": subject})


register_panel("register-resources", resource_panel)
register_panel("register-bookings", booking_panel)
