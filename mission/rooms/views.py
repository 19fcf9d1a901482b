"""View of the sheet that the keeper of a place receives for a day, to print."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from mission.registers.pages import row_of
from mission.rooms.queries import day_at_place
from mission.rooms.register import RESOURCES


def asked_day(text: str) -> date:
    """Return the day of the query string; today if it is no day that a booking may have."""
    try:
        day = forms.DateField().clean(text)
    except ValidationError:
        return timezone.localdate()
    return day if 2000 <= day.year < 2100 else timezone.localdate()


@require_safe
def keeper_sheet(request: UserRequest, pk: int) -> HttpResponse:
    """Show every active booking at the place of this resource, on the day of `?jour=`."""
    resource = row_of(request, RESOURCES, pk)
    day = asked_day(request.GET.get("jour", ""))
    bookings = list(day_at_place(request.user, resource, day).for_screen())
    context = {
        "resource": resource,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "bookings": bookings,
        "keepers": dict.fromkeys(booking.resource.keeper for booking in bookings if booking.resource.keeper),
    }
    return render(request, "mission/rooms/keeper_sheet.html", context)
