"""Active bookings; bookings and rooms in the calendar of the team."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import ngettext

from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem, Room, overlapping
from assembly.institution.models import Term
from assembly.speed.queries import for_screen
from mission.registers.declaration import registers
from mission.registers.models import RegisterLink
from mission.rooms.models import BookingState, Resource, ResourceKind, ResourceState


def held_bookings(user: Any) -> Any:
    """Return the active bookings that this user sees."""
    rows = (
        registers["bookings"]
        .visible_to(user)
        .filter(state__in=BookingState.tagged("active"))
        .select_related("resource", "owner__person")
    )
    return rows.order_by("starts_at", "resource__name__alphabetical", "pk")


def day_at_place(user: Any, resource: Resource, day: date) -> Any:
    """Return the active bookings of a day, of every resource at the place of this one."""
    location = {"assembly": resource.assembly_id, "resource__place": resource.place}
    return held_bookings(user).filter(**location, starts_at__date__lte=day, ends_at__date__gte=day)


def bookings_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterator[CalendarItem]:
    """Yield the active bookings that the user sees; one that is linked to a sitting is of the same subject."""
    links = RegisterLink.objects.filter(register="bookings", row=OuterRef("pk"), sitting__isnull=False)
    rows = held_bookings(user).filter(overlapping(first, last), assembly=term.assembly_id)
    for booking in rows.annotate(of_sitting=Subquery(links.order_by("pk").values("sitting")[:1])).for_screen():
        yield CalendarItem(
            CalendarKind.BOOKING,
            f"booking-{booking.pk}",
            booking.name,
            reverse("mission:bookings-row", args=[booking.pk]),
            booking.starts_at,
            booking.ends_at,
            place=booking.resource.name,
            users=(booking.owner_id,) if booking.owner_id else (),
            room=booking.resource_id,
            subject=f"sitting-{booking.of_sitting}" if booking.of_sitting else "",
            move_url=reverse("mission:bookings-step", args=[booking.pk, "deplacer"]),
            note=booking.get_state_display(),
        )


def rooms_in_calendar(user: Any, term: Term) -> Iterator[Room]:
    """Yield what the user may book: rooms, then equipment, then vehicles."""
    order = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(ResourceKind.values)))
    rows = registers["resources"].visible_to(user).filter(assembly=term.assembly_id, state=ResourceState.IN_SERVICE)
    for resource in for_screen(rows.order_by(order, "name__alphabetical", "pk")):
        yield Room(
            resource.pk, resource.name, capacity_label(resource), reverse("mission:resources-row", args=[resource.pk])
        )


def capacity_label(resource: Resource) -> str:
    """Return « 120 places », else the kind."""
    if resource.capacity is None:
        return resource.get_kind_display()
    return ngettext("%(n)s place", "%(n)s places", resource.capacity) % {"n": resource.capacity}


def booking_url(day: date, room: int | None) -> str:
    """Return the address of the form for a booking on that day, of that room."""
    hours = {"starts_at": f"{day.isoformat()}T09:00", "ends_at": f"{day.isoformat()}T10:00"}
    values = hours | ({"resource": str(room)} if room else {})
    return f"{reverse('mission:bookings-new')}?{urlencode(values)}"
