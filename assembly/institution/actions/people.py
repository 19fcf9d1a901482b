"""People of the house: suspended, given back, and their open files passed on."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assembly.audit.actions import record
from assembly.identity.actions import accounts
from assembly.identity.models import User
from assembly.institution import handover, rules
from assembly.institution.models import Assembly, Term


@transaction.atomic
def suspend_person(user: User, *, by: User, assembly: Assembly, reason: str = "") -> None:
    """Close somebody's access at once: the sessions end, the roles stay as they are for the day of return."""
    if not rules.can_suspend(by, user, assembly):
        raise PermissionDenied
    accounts.suspend(user, by=by, reason=reason)
    rules.forget_roles(user)


@transaction.atomic
def reactivate_person(user: User, *, by: User, assembly: Assembly) -> None:
    """Give the access back."""
    if not rules.can_suspend(by, user, assembly):
        raise PermissionDenied
    accounts.reactivate(user, by=by)
    rules.forget_roles(user)


@transaction.atomic
def hand_over(user: User, to: User, *, by: User, term: Term) -> dict[str, int]:
    """Pass every open file of `user` to `to`, in one step. Returns how many by nature."""
    if not rules.can_hand_over(by, user, to, term):
        raise PermissionDenied
    moved = handover.move_all(user, to, term, by)
    record("files.handed_over", user, by=by, dossier=term, to=to.pk, moved=moved)
    return moved
