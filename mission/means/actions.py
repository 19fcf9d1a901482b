"""Booking of what a sitting needs, and the move of a booking to its hours."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext

from assembly.identity.models import User
from assembly.text.french import shortened
from assembly.workflow import StateConflict, share
from mission.registers import actions
from mission.registers.declaration import registers
from mission.registers.models import RegisterLink
from mission.registers.queries import link_ends
from mission.rooms.models import Booking, Resource
from mission.rooms.workflow import move_booking
from sessions.models import Sitting, SittingState

LONGEST_NAME = 160
SHARED = "shared"  # code of the refusal to move a booking of two sittings


@transaction.atomic
def book(
    sitting: Sitting, *, resources: Iterable[Resource], starts_at: datetime, ends_at: datetime, by: User
) -> list[Booking]:
    """Book each resource for the sitting, and link the bookings to it: all of them, or none.

    Raises ValidationError with who has one already, StateConflict for a sitting that is past or called off.
    """
    share_upcoming(sitting, by, "book")
    rows = []
    for resource in resources:
        values = {"name": shortened(sitting.title, LONGEST_NAME), "resource": resource, "owner": by}
        values |= {"starts_at": starts_at, "ends_at": ends_at}
        row = actions.create(registers["bookings"], sitting.term, by=by, values=values)
        actions.add_link(registers["bookings"], row, link_ends()["sitting"], sitting, by=by)
        rows.append(row)
    return rows


@transaction.atomic
def follow_sitting(sitting: Sitting, booking: Booking, *, by: User) -> Booking:
    """Move a booking to the hours of the sitting; raise ValidationError if it is taken then, or is of two sittings.

    A booking for the sitting that this one follows is linked to this one instead.
    """
    current = share_upcoming(sitting, by, "move")
    links = RegisterLink.objects.filter(register="bookings", row=booking.pk)
    others = links.filter(sitting__state__in=SittingState.tagged("upcoming")).exclude(sitting=sitting)
    if other := others.select_related("sitting").order_by("pk").first():
        text = gettext("Cette réservation sert aussi à « %(title)s » : réservez de nouveau pour cette séance.")
        raise ValidationError(text % {"title": other.sitting.title}, code=SHARED)
    for link in links.filter(sitting=sitting.follows_id) if sitting.follows_id else ():
        actions.remove_attachment(registers["bookings"], booking, link, by=by)
        actions.add_link(registers["bookings"], booking, link_ends()["sitting"], sitting, by=by)
    return move_booking(
        booking, resource=booking.resource, starts_at=current.starts_at, ends_at=current.ends_at, by=by
    )


def share_upcoming(sitting: Sitting, by: User, step_name: str) -> Sitting:
    """Return the sitting as it is now, share-locked until this transaction ends; raise what `check_upcoming` does."""
    check_upcoming(sitting, by, step_name)
    current = share(Sitting.objects.filter(pk=sitting.pk, state__in=SittingState.tagged("upcoming")))
    if current is None:
        sitting.refresh_from_db(fields=["state"])
        raise StateConflict(sitting, step_name)
    return current


def check_upcoming(sitting: Sitting, by: User, step_name: str) -> None:
    """Raise PermissionDenied (403) without the right to book, StateConflict (409) for a sitting not ahead."""
    if not registers["bookings"].can_enter(by, sitting.term):
        raise PermissionDenied
    if not sitting.is_upcoming:
        raise StateConflict(sitting, step_name)
