"""Access that ends with a mandate: the sign-in as a member and the seats in the committees of the term."""

from datetime import date, timedelta

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.actions import committees, roles
from assembly.institution.enums import Role
from assembly.institution.models import CommitteeMembership
from members.models import Mandate


def end_member_role(mandate: Mandate, *, by: User, on: date) -> None:
    """End the role, the pending invitations, the sessions and the committee seats (last day: the day before)."""
    person = mandate.member.person
    seats = CommitteeMembership.objects.filter(person=person, committee__term=mandate.term_id, ends_on=None)
    for seat in seats.filter(committee__closed_on=None).select_related("committee"):
        committees.leave_seat(seat, by=by, on=on - timedelta(days=1))
    roles.leave(person, by=by, role=Role.MEMBER, term=mandate.term_id)
    record("member.access_ended", mandate, by=by, on_behalf_of=person)
