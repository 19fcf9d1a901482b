"""Actions on many members at once, always after a preview with their number."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assembly.identity.models import User
from assembly.institution.actions import invitations
from assembly.institution.enums import Role
from assembly.institution.models import Invitation, Term
from assembly.institution.rules import can_invite
from members import queries, rules
from members.mandates import actions as mandates


@transaction.atomic
def activate_all(term: Term, *, by: User, on: date | None = None) -> tuple[int, int]:
    """Open every accepted mandate that has a seat. Return how many, and how many are refused for their date."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    done = refused = 0
    for mandate in queries.mandates_to_open(term):
        try:
            with transaction.atomic():
                mandates.record_step(mandate, "activate", by=by, on=on)
        except ValidationError:
            refused += 1
        else:
            done += 1
    return done, refused


@transaction.atomic
def invite(term: Term, *, by: User, again: bool = False, only: Collection[int] | None = None) -> list[Invitation]:
    """Invite the members who cannot sign in yet: those never invited, or those whose invitation was not used.

    `only`: of these mandates; who was invited meanwhile, or may not be, is left out.
    """
    if not can_invite(by, term):
        raise PermissionDenied
    Term.objects.select_for_update(of=("self",), no_key=True).get(
        pk=term.pk
    )  # The second request of a double click blocks here, then has nobody left to invite.
    people = [mandate.member.person for mandate in queries.mandates_to_invite(term, again=again, only=only)]
    return invitations.invite_many(people, Role.MEMBER, by=by, term=term)
