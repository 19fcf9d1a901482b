"""Widget of the page of a trip: its order of mission."""

from typing import Any

from assembly.portal.registry import Panel, register_panel
from mission.trips.enums import TripState
from mission.trips.models import Trip


def order_panel(user: Any, subject: Trip) -> Panel | None:
    """Return the widget; None for a trip that was cancelled."""
    if subject.state == TripState.CANCELLED:
        return None
    return Panel("mission/_trip_order.html", {"trip": subject})


register_panel("register-trips", order_panel)
