"""Bookings of a day at a place, and the coming ones of a resource."""

from datetime import date
from typing import Any

from django.utils import timezone

from mission.resources.models import Resource
from mission.rooms.enums import BookingState
from mission.rooms.register import BOOKINGS


def held_bookings(user: Any) -> Any:
    """Return the active bookings that this user sees."""
    rows = (
        BOOKINGS.visible_to(user)
        .filter(state__in=BookingState.tagged("active"))
        .select_related("resource", "owner__person")
    )
    return rows.order_by("starts_at", "resource__name__alphabetical", "pk")


def day_at_place(user: Any, resource: Resource, day: date) -> Any:
    """Return the active bookings of a day, of every resource at the place of this one."""
    location = {"assembly": resource.assembly_id, "resource__place": resource.place}
    return held_bookings(user).filter(**location, starts_at__date__lte=day, ends_at__date__gte=day)


def bookings_ahead(user: Any, resource: Resource) -> Any:
    return held_bookings(user).filter(resource=resource, ends_at__gt=timezone.now())
