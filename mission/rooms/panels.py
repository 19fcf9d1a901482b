"""On the page of a resource, who has it next; on that of a booking, the sheet for the keeper."""

from typing import Any

from assembly.portal.registry import Panel, register_panel
from mission.resources.models import Resource
from mission.rooms.models import Booking
from mission.rooms.queries import bookings_ahead

SHOWN = 10


def resource_panel(user: Any, subject: Resource) -> Panel:
    found = list(bookings_ahead(user, subject)[: SHOWN + 1])
    told = {"resource": subject, "bookings": found[:SHOWN], "has_more": len(found) > SHOWN}
    return Panel("mission/_resource_bookings.html", told)


def booking_panel(user: Any, subject: Booking) -> Panel:
    return Panel("mission/_booking_sheet.html", {"booking": subject})


register_panel("register-resources", resource_panel)
register_panel("register-bookings", booking_panel)
