"""Contributions of bookings: what the calendar of the team shows and adds."""

from django.utils.translation import gettext_lazy as _

from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarAct, add_calendar_act, add_calendar_source, add_rooms
from mission.rooms.queries import booking_url, bookings_in_calendar, rooms_in_calendar
from mission.rooms.register import BOOKINGS

add_calendar_source(CalendarKind.BOOKING, bookings_in_calendar)
add_rooms(rooms_in_calendar)
add_calendar_act(
    CalendarAct(_("Réserver une salle ou du matériel"), booking_url, BOOKINGS.can_enter, order=20, takes_room=True)
)
