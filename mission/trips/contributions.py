"""Contributions of trips: the widget of an order of mission, the calendar of travellers."""

from typing import Any

from assembly.portal.registry import Widget, add_widget
from mission.trips.enums import TripState
from mission.trips.models import Trip
from mission.trips.queries import trips_in_calendar
from sessions.sittings.queries.calendar import add_event_source


def order_widget(user: Any, subject: Trip) -> Widget | None:
    """Return the widget; None for a trip that was cancelled."""
    if subject.state == TripState.CANCELLED:
        return None
    return Widget("mission/trips/_order.html", {"trip": subject})


add_widget("register-trips", order_widget)
add_event_source(trips_in_calendar)
