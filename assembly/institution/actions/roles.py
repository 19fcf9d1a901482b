"""Actions that give and end roles, suspend and reactivate people, hand over their open dossiers.

A role is never given to oneself; only a lead gives any.
"""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity import actions as identity
from assembly.identity.models import Person, User
from assembly.identity.signals import standing_ended
from assembly.institution import registry, rules
from assembly.institution.actions import committees
from assembly.institution.models import (
    DIRECTORATE_ROLES,
    TERM_ROLES,
    Assembly,
    CommitteeMembership,
    Directorate,
    Invitation,
    Role,
    RoleAssignment,
    Term,
)
from assembly.institution.registry import reason_to_keep


def role_scope(role: Role, *, term: Term, directorate: Directorate | None) -> dict[str, Any]:
    """Return where `role` is valid: in a term, in a directorate of that term's assembly, or in the whole assembly."""
    if role in DIRECTORATE_ROLES:
        if directorate is None or directorate.assembly_id != term.assembly_id:
            raise PermissionDenied
        return {"assembly_id": term.assembly_id, "directorate": directorate}
    return {"assembly_id": term.assembly_id, "term": term if role in TERM_ROLES else None}


@transaction.atomic
def give(user: User, role: Role, *, by: User, term: Term, directorate: Directorate | None = None) -> RoleAssignment:
    """Give a role to `user`; if it is already held, return the existing assignment."""
    if not rules.can_give_role(by, user, term):
        raise PermissionDenied
    place = role_scope(role, term=term, directorate=directorate)
    assignment, created = RoleAssignment.objects.get_or_create(
        user=user, role=role, ended_at=None, **place, defaults={"given_at": timezone.now(), "given_by": by}
    )
    if created:
        record("role.given", assignment, by=by, dossier=user, role=role, user=user.pk)
    rules.invalidate_roles(user)
    return assignment


@transaction.atomic
def leave(person: Person, *, by: User, **place: Any) -> int:
    """End the roles of `person` there, the pending invitations to them, and every session; return the count of roles.

    Without a place, everywhere. With the sessions every open page and socket ends. All that ends a role goes through
    here.
    """
    roles = RoleAssignment.objects.filter(user__person=person, ended_at=None, **place)
    list(roles.select_for_update(of=("self",), no_key=True))  # what the person does meanwhile is done before the end
    now = timezone.now()
    ended = roles.update(ended_at=now)
    Invitation.objects.filter(person=person, accepted_at=None, revoked_at=None, **place).update(revoked_at=now)
    for user in User.objects.filter(person=person):
        identity.end_sessions(user)
    standing_ended.send(Person, person=person, by=by)
    return ended


@transaction.atomic
def end(assignment: RoleAssignment, *, by: User) -> int:
    """End a role; the row stays as history. A lead may end neither the last lead's role nor their own.

    Raise ValidationError where a mandate holds the role. With the last role in an assembly the seats in its committees
    end too: return how many.
    """
    if not rules.can_end_role(by, assignment):
        raise PermissionDenied
    if reason := reason_to_keep(assignment):
        raise ValidationError(reason, code="held")
    place = {"assembly": assignment.assembly_id, "term": assignment.term_id, "directorate": assignment.directorate_id}
    if leave(assignment.user.person, by=by, role=assignment.role, **place):
        record("role.ended", assignment, by=by, dossier=assignment.user, role=assignment.role, user=assignment.user_id)
    rules.invalidate_roles(assignment.user)
    if RoleAssignment.objects.filter(user=assignment.user_id, assembly=assignment.assembly_id, ended_at=None).exists():
        return 0
    return leave_committees(assignment.user.person, assignment.assembly_id, by=by)


def leave_committees(person: Person, assembly_id: int, *, by: User) -> int:
    """End the seats of a person without a role here; the last day is yesterday, so that nothing opens today."""
    seats = CommitteeMembership.objects.filter(person=person, committee__term__assembly=assembly_id, ends_on=None)
    open_seats = list(seats.filter(committee__closed_on=None).select_related("committee", "person"))
    for seat in open_seats:
        committees.leave_seat(seat, by=by, on=timezone.localdate() - timedelta(days=1))
    return len(open_seats)


@transaction.atomic
def appoint_first_lead(email: str, first_name: str, last_name: str, *, term: Term) -> User:
    """Create the first account of an installation; only a command calls this: nobody could have sent an invitation."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        person = Person.objects.create(first_name=first_name, last_name=last_name, email=email.lower())
        user = identity.create_account(person, email, by=None)
    assignment, created = RoleAssignment.objects.get_or_create(
        user=user,
        role=Role.LEAD,
        assembly_id=term.assembly_id,
        term=term,
        directorate=None,
        ended_at=None,
        defaults={"given_at": timezone.now()},
    )
    if created:
        record("role.given", assignment, by=None, dossier=user, role=Role.LEAD, user=user.pk)
    rules.invalidate_roles(user)
    return user


@transaction.atomic
def suspend_person(user: User, *, by: User, assembly: Assembly, reason: str = "") -> None:
    """Close a person's access at once: the sessions end, the roles stay for a later reactivation."""
    if not rules.can_suspend(by, user, assembly):
        raise PermissionDenied
    identity.suspend(user, by=by, reason=reason)
    rules.invalidate_roles(user)


@transaction.atomic
def reactivate_person(user: User, *, by: User, assembly: Assembly) -> None:
    """Reopen a suspended access."""
    if not rules.can_suspend(by, user, assembly):
        raise PermissionDenied
    identity.reactivate(user, by=by)
    rules.invalidate_roles(user)


@transaction.atomic
def hand_over(user: User, to: User, *, by: User, term: Term) -> dict[str, int]:
    """Pass every open dossier of `user` to `to`, in one step; return how many by kind."""
    if not rules.can_hand_over(by, user, to, term):
        raise PermissionDenied
    moved = registry.reassign_dossiers(user, to, term, by)
    record("files.handed_over", user, by=by, dossier=term, to=to.pk, moved=moved)
    return moved
