"""What ends with a mandate: the sign-in as a member and the seats in the committees of the term."""

from datetime import date, timedelta

from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.actions.accounts import end_sessions
from assembly.identity.models import User
from assembly.institution.actions import committees
from assembly.institution.enums import Role
from assembly.institution.models import CommitteeMembership, Invitation, RoleAssignment
from members.models import Mandate


def end_member_role(mandate: Mandate, *, by: User, on: date) -> None:
    """End the role, the pending invitations, the sessions and the committee seats (last day: the day before)."""
    now = timezone.now()
    place = {"role": Role.MEMBER, "term": mandate.term_id}
    person = mandate.member.person_id
    RoleAssignment.objects.filter(user__person=person, ended_at=None, **place).update(ended_at=now)
    Invitation.objects.filter(person=person, accepted_at=None, revoked_at=None, **place).update(revoked_at=now)
    for user in User.objects.filter(person=person):
        end_sessions(user)
    seats = CommitteeMembership.objects.filter(person=person, committee__term=mandate.term_id, ends_on=None)
    for seat in seats.filter(committee__closed_on=None).select_related("committee"):
        committees.end_member(seat, by=by, on=on - timedelta(days=1))
    record("member.access_ended", mandate, by=by)
