"""Contributions of trips: widget of an order of mission, calendar, and retention until two years after the return."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import add_calendar_source
from assembly.identity.personal_data import delete_row, months_later, retention
from assembly.web.widgets import Widget, add_widget
from mission.trips.models import Trip, TripState, TripTraveller
from mission.trips.queries import trips_in_calendar


def order_widget(user: Any, subject: Trip) -> Widget | None:
    """Return the widget; None for a trip that was cancelled."""
    if subject.state == TripState.CANCELLED:
        return None
    return Widget("mission/trips/_order.html", {"trip": subject})


add_widget("register-trips", order_widget)
add_calendar_source(CalendarKind.TRIP, trips_in_calendar)

RETENTION_MONTHS = 24


def old_travellers(now: datetime) -> QuerySet[TripTraveller]:
    rows: QuerySet[TripTraveller] = TripTraveller.objects.filter(
        row__ends_at__date__lt=months_later(timezone.localdate(now), -RETENTION_MONTHS)
    )
    return rows


retention(
    "mission.trip_travellers",
    _("Personnes en déplacement, deux ans après le retour"),
    find=old_travellers,
    apply=delete_row,
)
