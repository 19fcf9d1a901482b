"""Withdrawal of people who left from coming sittings; past notices, rolls, votes and certificates stay."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.models import RoleAssignment
from sessions.enums import SittingState
from sessions.models import CalendarFeed, Invitee
from sessions.sittings.queries.convening import people_to_convene


@transaction.atomic
def withdraw_invitations(person: Person, *, by: User) -> None:
    """Withdraw the invitations that `person` would not receive today, and close their links and calendar feeds.

    One rule for every kind of departure: `people_to_convene` returns who is invited. A suspended account keeps the
    invitation of its mandate or seat, since the law requires its holder to be convened; its link, an access, ends.
    """
    asked = Invitee.objects.expected().filter(person=person, sitting__state__in=SittingState.tagged("upcoming"))
    has_account_closed = User.objects.filter(person=person, is_active=False).exists()
    for invitee in asked.select_related("sitting__term", "sitting__committee", "sitting__chair", "sitting__secretary"):
        if person.pk not in {one.person.pk for one in people_to_convene(invitee.sitting)}:
            withdraw(invitee, by=by)
        elif has_account_closed:
            Invitee.objects.filter(pk=invitee.pk).update(link_version=F("link_version") + 1)
    for user in User.objects.filter(person=person):
        if not user.is_active or not RoleAssignment.objects.filter(user=user, ended_at=None).exists():
            close_feed(user, by=by)


def withdraw(invitee: Invitee, *, by: User) -> None:
    """Withdraw an invitation: the row stays, with its date, and its link never works again."""
    if end_invitation(invitee):
        record("invitee.withdrawn", invitee, by=by, on_behalf_of=invitee.person, dossier=invitee.sitting)


def end_invitation(invitee: Invitee) -> bool:
    """Set the withdrawal date of an invitation and end its link; return False if it was withdrawn already."""
    asked = Invitee.objects.filter(pk=invitee.pk, withdrawn_at=None)
    return bool(asked.update(withdrawn_at=timezone.now(), link_version=F("link_version") + 1))


def close_feed(user: User, *, by: User) -> None:
    """Close the secret address of a person's calendar: it returns nothing any more to those who have it."""
    for feed in CalendarFeed.objects.filter(user=user, is_open=True):
        CalendarFeed.objects.filter(pk=feed.pk).update(is_open=False, version=F("version") + 1)
        record("calendar.closed", feed, by=by, on_behalf_of=user.person if user != by else None)
