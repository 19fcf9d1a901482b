"""A directorate asks, from its own room."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.identity.models import User
from assembly.institution.enums import DIRECTORATE_ROLES
from assembly.institution.models import Directorate, Term
from assembly.institution.rules import directorate_ids
from mission.registers.actions import write_new
from mission.support.models import SupportRequest
from mission.support.register import SUPPORT
from mission.support.sending import tell_team


def asks_for(user: User, term: Term) -> Any:
    """The open directorates of this assembly where somebody works: those in whose name they may ask."""
    rows = Directorate.objects.filter(assembly=term.assembly_id, closed_on=None)
    return rows.filter(pk__in=directorate_ids(user, DIRECTORATE_ROLES)).order_by("name__alphabetical", "pk")


@transaction.atomic
def ask(term: Term, *, directorate: Directorate, by: User, values: Mapping[str, Any]) -> SupportRequest:
    """A request of a directorate; the team is told. PermissionDenied in the name of another one."""
    if not asks_for(by, term).filter(pk=directorate.pk).exists():
        raise PermissionDenied
    told = {**values, "directorate": directorate}
    row: SupportRequest = write_new(SUPPORT, term, by=by, values=told, participle="asked")
    tell_team(row, by=by)
    return row
