"""Move of a booking to another moment or another room."""

from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction

from assembly.identity.models import User
from mission.registers.declaration import registers
from mission.resources.models import Resource
from mission.rooms.models import Booking, lock_in_service, name_holder_on_overlap


def move_booking(row: Booking, *, resource: Resource, starts_at: datetime, ends_at: datetime, by: User) -> Booking:
    """Book another resource or moment instead; the keeper must be informed again.

    Raises ValidationError if it is already booked: nothing is written then.
    """
    workflow = registers["bookings"].workflow
    columns: dict[str, Any] = {"resource": resource, "starts_at": starts_at, "ends_at": ends_at}
    moved = copy(row)
    for name, value in columns.items():
        setattr(moved, name, value)
    with name_holder_on_overlap(moved), transaction.atomic():
        lock_in_service(resource.pk)
        step = workflow.require(row, "move", by=by)
        moved.validate_constraints(exclude=["state"])
        facts = {"before": row.span_label, "resource": row.resource.reference}
        workflow.take(row, step, by=by, facts=facts, keeper_informed_on=None, **columns)
    return row
