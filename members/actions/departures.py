"""A member whose data is erased: the mandate ends, what was written about them goes, the history of the seat stays."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assembly.audit.actions import erase_details, record
from assembly.audit.models import Entry
from assembly.identity.models import Person, User
from members.actions.access import end_member_role
from members.enums import EndReason, MandateState
from members.models import Mandate
from members.workflows import MANDATE


@transaction.atomic
def leave(person: Person, by: User) -> None:
    """Called by the erasure, which has its own permission: close open mandates, erase the journal's details."""
    today = timezone.localdate()
    for mandate in Mandate.objects.filter(member__person=person).select_related("member"):
        if mandate.state == MandateState.PROPOSED:
            MANDATE.move(mandate, "decline", ended_on=today)
            record("mandate.declined", mandate, by=by, on=today)
        elif mandate.is_open:
            changes: dict[str, Any] = {"ended_on": today, "end_reason": EndReason.ERASED, "suspended_on": None}
            MANDATE.move(mandate, "end", **changes)
            mandate.suspensions.filter(ends_on=None).update(ends_on=today)
            record("mandate.ended", mandate, by=by, reason=EndReason.ERASED, on=today)
            end_member_role(mandate, by=by, on=today)
        about = Q(subject_type="members.Mandate", subject_id=str(mandate.pk))
        about |= Q(dossier_type="members.Mandate", dossier_id=str(mandate.pk))
        entries = Entry.objects.filter(about, detail__isnull=False, detail__erased_at=None)
        erase_details(list(entries.values_list("pk", flat=True)), by=by)
