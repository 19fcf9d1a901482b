"""Creation of terms; their steps are `workflows.TERM`. Follow-up outlives a term: closing one locks nothing."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.enums import Role
from assembly.institution.models import Assembly, RoleAssignment, Term


@transaction.atomic
def create(
    assembly: Assembly, *, by: User, number: int, name: str, starts_on: date, ends_on: date, seats: int
) -> Term:
    """Create a new term and make its creator the lead, since nobody else could give that role."""
    if not rules.can_administer(by, assembly):
        raise PermissionDenied
    term = Term(assembly=assembly, number=number, name=name, starts_on=starts_on, ends_on=ends_on, seats=seats)
    term.full_clean()
    term.save()
    record("term.created", term, by=by)
    assignment = RoleAssignment.objects.create(
        user=by, role=Role.LEAD, assembly=assembly, term=term, given_at=timezone.now(), given_by=None
    )
    record("role.given", assignment, by=None, dossier=by, role=Role.LEAD, user=by.pk)
    rules.invalidate_roles(by)
    return term
