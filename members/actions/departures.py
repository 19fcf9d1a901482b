"""Erasure of a member's data: the mandate ends, what was written about them is erased, the seat's history stays."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assembly.audit.actions import erase_details
from assembly.audit.models import Entry
from assembly.identity.models import Person, User
from members.actions.access import end_member_role
from members.enums import EndReason, MandateState
from members.mandates.workflow import MANDATE
from members.models import Mandate


@transaction.atomic
def end_mandates_of(person: Person, by: User) -> None:
    """Close open mandates and erase the journal's details. Called by the erasure, which has its own permission."""
    today = timezone.localdate()
    for mandate in Mandate.objects.filter(member__person=person).select_related("member__person"):
        if mandate.state == MandateState.PROPOSED:
            MANDATE.follow(mandate, "decline", by=by, facts={"on": today})
        elif mandate.is_open:
            facts = {"reason": EndReason.ERASED, "on": today}
            MANDATE.follow(mandate, "end", by=by, facts=facts, end_reason=EndReason.ERASED)
            end_member_role(mandate, by=by, on=today)
        about = Q(subject_type="members.Mandate", subject_id=str(mandate.pk))
        about |= Q(dossier_type="members.Mandate", dossier_id=str(mandate.pk))
        entries = Entry.objects.filter(about, detail__isnull=False, detail__erased_at=None)
        erase_details(list(entries.values_list("pk", flat=True)), by=by)
