"""Actions on people of the team: suspend, reactivate, hand over their open dossiers."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.audit.actions import record
from assembly.identity.actions import accounts
from assembly.identity.models import User
from assembly.institution import registry, rules
from assembly.institution.models import Assembly, Term


@transaction.atomic
def suspend_person(user: User, *, by: User, assembly: Assembly, reason: str = "") -> None:
    """Close a person's access at once: the sessions end, the roles stay for a later reactivation."""
    if not rules.can_suspend(by, user, assembly):
        raise PermissionDenied
    accounts.suspend(user, by=by, reason=reason)
    rules.invalidate_roles(user)


@transaction.atomic
def reactivate_person(user: User, *, by: User, assembly: Assembly) -> None:
    """Reopen a suspended access."""
    if not rules.can_suspend(by, user, assembly):
        raise PermissionDenied
    accounts.reactivate(user, by=by)
    rules.invalidate_roles(user)


@transaction.atomic
def hand_over(user: User, to: User, *, by: User, term: Term) -> dict[str, int]:
    """Pass every open dossier of `user` to `to`, in one step; return how many by kind."""
    if not rules.can_hand_over(by, user, to, term):
        raise PermissionDenied
    moved = registry.reassign_all(user, to, term, by)
    record("files.handed_over", user, by=by, dossier=term, to=to.pk, moved=moved)
    return moved
