"""An opinion at one moment of its amendments, with the people around it."""

from datetime import timedelta

from django.utils import timezone

from opinions.amendments.queries import base_version, full
from opinions.models import Amendment, Opinion, OpinionState
from tests.factories.members import MandateFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import AgendaItemFactory, AttendanceFactory, InviteeFactory, SittingFactory

ROOM = 12


def amending(people, **facts):
    """Make an opinion whose window is open until tomorrow."""
    closes = timezone.now() + timedelta(days=1)
    values = {"term": people.term, "officer": people["officer"], "amendments_close_at": closes} | facts
    return again(OpinionFactory(state=OpinionState.AMENDING, **values))


def in_sitting(people, voters=ROOM, **facts):
    """Make an opinion with a frozen text and an open plenary with `voters` members."""
    sitting = SittingFactory(term=people.term, running=True)
    for _ in range(voters):
        mandate = MandateFactory(term=people.term)
        invitee = InviteeFactory(sitting=sitting, person=mandate.member.person)
        AttendanceFactory(invitee=invitee)
    item = AgendaItemFactory(sitting=sitting, kind="vote")
    values = {
        "term": people.term,
        "officer": people["officer"],
        "tabled_sitting": sitting,
        "agenda_item": item,
    } | facts
    return again(OpinionFactory(state=OpinionState.FROZEN, **values))


def again(opinion):
    """Return the opinion with the relations that every page loads."""
    return Opinion.objects.select_related(
        "term__assembly", "tabled_sitting__term", "agenda_item__sitting__term", "rapporteur", "text"
    ).get(pk=opinion.pk)


def fresh(amendment):
    """Return the amendment as the pages load it."""
    return full(Amendment.objects.all()).get(pk=amendment.pk)


def sits(user, term):
    """Give this member a seat."""
    return MandateFactory(member__person=user.person, term=term)


def version_of(opinion):
    return base_version(opinion)
