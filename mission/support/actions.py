"""Actions of a directorate in its own area: ask for support, correct the request."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.identity.models import User
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import directorates_of
from assembly.web.errors import StateConflict
from assembly.workflow import lock
from mission.registers.actions import save_row, write_new
from mission.registers.declaration import registers
from mission.registers.rules import explain_violations
from mission.support.mails import notify_team
from mission.support.models import SupportRequest
from mission.support.queries import asks_for, can_be_corrected


@transaction.atomic
def ask(term: Term, *, directorate: Directorate, by: User, values: Mapping[str, Any]) -> SupportRequest:
    """Create the request of a directorate, and inform the team. PermissionDenied for another directorate."""
    if not asks_for(by, term).filter(pk=directorate.pk).exists():
        raise PermissionDenied
    columns = {**values, "directorate": directorate}
    row: SupportRequest = write_new(registers["support"], term, by=by, values=columns, participle="asked")
    notify_team(row, by=by)
    return row


def check_correct(by: User, row: SupportRequest) -> None:
    """Raise PermissionDenied (403) for another directorate, StateConflict (409) once somebody follows it."""
    if row.directorate_id not in directorates_of(by):
        raise PermissionDenied
    if not can_be_corrected(row):
        raise StateConflict(row, "correct")


@explain_violations
def correct(row: SupportRequest, *, by: User, values: Mapping[str, Any], version: int) -> list[str]:
    """Save a corrected request while nobody of the mission follows it; return the fields that changed."""
    lock(row, "correct")
    check_correct(by, row)
    return save_row(row, by=by, values=values, version=version, event_type="support_request.corrected")
