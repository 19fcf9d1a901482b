import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.workflow import StateConflict
from sessions.attendance import actions
from sessions.models import Absence, Invitee, Reply, SittingState, Via
from sessions.sittings.actions import convening
from sessions.sittings.queries.convening import logistics
from tests.factories.identity import PersonFactory
from tests.factories.members import AccommodationNeedFactory, MandateFactory
from tests.factories.sessions import InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db


def verbs():
    return list(Entry.objects.order_by("pk").values_list("event_type", flat=True))


@pytest.mark.parametrize("state", SittingState)
@pytest.mark.parametrize("who", ["oneself", "officer", "somebody_else"])
def test_an_answer_by_state_and_role(who, state, people):
    sitting = SittingFactory(notified=True)
    invitee = InviteeFactory(sitting=sitting)
    sitting.state = invitee.sitting.state = state
    answers = state in (SittingState.NOTIFIED, SittingState.CONFIRMED)
    if who == "officer":
        act = lambda: convening.record_reply(invitee, reply="will_not", via=Via.PHONE, by=people["officer"])  # noqa: E731 -- one line each
    else:
        by = invitee.person if who == "oneself" else PersonFactory()
        act = lambda: convening.reply(invitee, reply="will_not", via=Via.LINK, by=by)  # noqa: E731 -- one line each
    if answers and who != "somebody_else":
        act()
        expected = Reply.WILL_NOT, ["invitee.replied" if who == "oneself" else "invitee.reply_recorded"]
    else:
        with pytest.raises((PermissionDenied, StateConflict)):
            act()
        expected = Reply.INVITED, []
    invitee.refresh_from_db()
    assert (invitee.reply, verbs()) == expected


def test_an_answer_noted_by_the_team_says_by_whom_and_for_whom(people):
    invitee = InviteeFactory()
    convening.record_reply(
        invitee, reply="will_attend", via=Via.PAPER, by=people["officer"], needs="place sans marche"
    )
    invitee.refresh_from_db()
    entry = Entry.objects.get()
    assert (invitee.reply_recorded_by, invitee.replied_via) == (people["officer"], Via.PAPER)
    assert (entry.actor, entry.on_behalf_of) == (people["officer"].pseudonym, invitee.person.pseudonym)
    assert "sans marche" not in entry.canonical


def test_an_answer_may_be_taken_back(people):
    invitee = InviteeFactory(coming=True)
    convening.record_reply(invitee, reply="invited", via=Via.PHONE, by=people["officer"])
    invitee.refresh_from_db()
    assert (invitee.reply, invitee.replied_at, invitee.replied_via) == (Reply.INVITED, None, "")


def test_guests_come_and_go_members_only_by_their_mandate(people):
    sitting = SittingFactory(notified=True)
    guest = convening.add_guest(sitting, person=PersonFactory(), capacity="experte", by=people["officer"])
    assert convening.add_guest(sitting, person=guest.person, capacity="", by=people["officer"]) == guest
    convening.remove_guest(guest, by=people["officer"])
    guest.refresh_from_db()
    assert (guest.withdrawn_at is not None, guest.link_version) == (True, 2)
    convening.add_guest(sitting, person=guest.person, capacity="", by=people["officer"])
    assert Invitee.objects.expected().get().capacity == "experte"
    with pytest.raises(PermissionDenied):
        convening.remove_guest(InviteeFactory(sitting=sitting), by=people["officer"])
    assert verbs() == ["invitee.added", "invitee.removed", "invitee.added"]


def test_the_logistics_count_who_comes_and_who_may(people):
    sitting = SittingFactory(notified=True, offers_meal=True)
    mandate = MandateFactory()
    AccommodationNeedFactory(member=mandate.member)
    InviteeFactory(sitting=sitting, person=mandate.member.person, coming=True, wants_meal=True, diet="Sans sel")
    InviteeFactory(sitting=sitting, coming=True, wants_meal=True, diet="sans sel ", children=2)
    InviteeFactory(sitting=sitting, not_coming=True, wants_meal=True)
    InviteeFactory(sitting=sitting, wants_meal=True)
    found = logistics(sitting)
    assert (found.meals, found.diets, found.children_count, found.coming) == (2, [("sans sel", 2)], 2, 2)
    assert [(str(label), names) for label, _measure, names in found.standing] == [
        ("interprète en langue des signes (LSF)", [mandate.member.person.full_name])
    ]


def test_reading_needs_is_written_down(signed_in):
    sitting = SittingFactory(notified=True)
    InviteeFactory(sitting=sitting, coming=True, needs="place sans marche")
    browser = signed_in("officer")
    assert "place sans marche" in browser.post(reverse("sittings:logistics", args=[sitting.pk])).content.decode()
    text = browser.post(reverse("sittings:answers-export", args=[sitting.pk])).content.decode()
    assert "place sans marche" in text
    assert verbs() == ["logistics.read", "answers.exported"]
    assert browser.get(reverse("sittings:logistics", args=[sitting.pk])).status_code == 405


def test_an_absence_is_noted_with_its_reason_apart(people):
    invitee = InviteeFactory(sitting=SittingFactory(held=True))
    actions.record_absence(invitee, absence=Absence.EXCUSED, reason="hospitalisée", by=people["officer"])
    entry = Entry.objects.get()
    assert (invitee.absence, entry.event_type) == (Absence.EXCUSED, "invitee.absence_recorded")
    assert "hospital" not in entry.canonical
