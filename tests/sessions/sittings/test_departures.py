"""Who left is out: whatever ends a standing withdraws what was to come, at once, and a return restores nothing."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity import actions as identity
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.actions import committees, roles
from assembly.institution.models import RoleAssignment
from members.enums import EndReason
from members.mandates import actions as mandates
from sessions.models import Invitee, Minutes, Notice, Reply, Sitting
from sessions.sittings import rules as sittings
from sessions.sittings.actions import convening
from sessions.sittings.actions.convening import open_my_feed
from sessions.sittings.queries.convening import people_to_convene
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.members import MandateFactory, mandate_of
from tests.factories.sessions import InviteeFactory, MinutesFactory, NoticeFactory, SittingFactory
from tests.sessions import route_objects

pytestmark = pytest.mark.django_db


@pytest.fixture
def plenary(people):
    mandate_of(people)
    return asked_to(SittingFactory(term=people.term, notified=True), people["member"])


@pytest.fixture
def group(people):
    """Make a sitting of the group where the member sits."""
    committee = CommitteeFactory(term=people.term)
    CommitteeMembershipFactory(committee=committee, person=people["member"].person)
    return asked_to(SittingFactory(committee_sitting=True, committee=committee, notified=True), people["member"])


def asked_to(sitting, user):
    NoticeFactory(sitting=sitting)
    return InviteeFactory(sitting=sitting, person=user.person)


def resign(people, invitee):
    mandates.end(mandate_of(people), by=people["officer"], reason=EndReason.RESIGNED)


def exclude(people, invitee):
    mandates.end(mandate_of(people), by=people["lead"], reason=EndReason.EXCLUDED)


def pause(people, invitee):
    mandates.record_step(mandate_of(people), "suspend", by=people["officer"])


def erase(people, invitee):
    asked = identity.ask_erasure(people["member"].person, by=people["member"])
    identity.fulfil_erasure(asked, by=people["dpo"])


def leave_group(people, invitee):
    seat = people["member"].person.committee_memberships.get()
    committees.end_member(seat, by=people["officer"], on=timezone.localdate())


def close_group(people, invitee):
    committees.close(invitee.sitting.committee, by=people["officer"], on=timezone.localdate())


def end_role(people, invitee):
    """End the role of the guest, who is an agent of the institution."""
    roles.end(RoleAssignment.objects.get(user=people["dir_contact"]), by=people["lead"])


def suspend_guest(people, invitee):
    roles.suspend_person(people["dir_contact"], by=people["lead"], assembly=people.assembly)


def pages(sitting):
    names = ("my-sitting", "my-event", "my-agenda")
    return [reverse(f"sittings:{name}", args=[sitting.pk]) for name in names]


def link(invitee):
    return reverse("sittings:reply", args=[sittings.reply_token(invitee)])


def statuses(browser, urls):
    return [browser.get(url).status_code for url in urls]


PLENARY_STAYS = {pause}  # still a member of the term: reads its plenaries, is asked to none


@pytest.mark.parametrize("end", [resign, exclude, pause, erase])
def test_a_mandate_that_ends_withdraws_later_plenaries(end, people, plenary, signed_in, client):
    assert_nothing_is_left(end, people, plenary, people["member"], signed_in, client, reads=end in PLENARY_STAYS)


@pytest.mark.parametrize("end", [resign, erase, leave_group, close_group])
def test_a_seat_that_ends_withdraws_later_sittings_of_the_group(end, people, group, signed_in, client):
    mandate_of(people)
    Sitting.objects.filter(pk=group.sitting_id).update(starts_at=timezone.now() + timedelta(days=5))
    assert_nothing_is_left(end, people, group, people["member"], signed_in, client, reads=False)


@pytest.mark.parametrize("end", [end_role, suspend_guest])
def test_an_agent_who_leaves_is_no_longer_a_guest(end, people, signed_in, client):
    sitting = SittingFactory(term=people.term, committee_sitting=True, notified=True)
    NoticeFactory(sitting=sitting)
    invitee = InviteeFactory(sitting=sitting, guest=True, person=people["dir_contact"].person)
    assert_nothing_is_left(end, people, invitee, people["dir_contact"], signed_in, client, reads=False)


def assert_nothing_is_left(end, people, invitee, user, signed_in, client, *, reads):
    sitting, link_sent = invitee.sitting, link(invitee)
    feed = open_my_feed(by=user)
    calendar = reverse("sittings:my-calendar", args=[sittings.calendar_token(feed)])
    browser = signed_in(user)
    assert statuses(browser, pages(sitting)) == [200] * 3
    assert statuses(client, [link_sent, calendar]) == [200, 200]
    end(people, invitee)
    assert client.get(link_sent).status_code == 410
    assert client.post(link_sent, {"reply": "will_attend"}).status_code == 410
    assert client.get(calendar).status_code == (200 if reads or end in (leave_group, close_group) else 404)
    if end is not end_role:
        assert {browser.get(url).status_code for url in pages(sitting)} <= ({200} if reads else {302, 403, 404})
    browser.post(pages(sitting)[0], {"reply": "will_attend"})
    invitee.refresh_from_db()
    assert (invitee.reply, invitee.withdrawn_at is not None) == (Reply.INVITED, True)
    assert Notice.objects.filter(sitting=sitting).count() == 1
    assert Entry.objects.filter(event_type="invitee.withdrawn").count() == 1


def test_what_was_before_stays(people):
    """A sitting that was held keeps its roll; a running one keeps who is in the room."""
    mandate = mandate_of(people)
    kept = [
        InviteeFactory(sitting=SittingFactory(term=people.term, **traits), person=mandate.member.person)
        for traits in ({"held": True}, {"running": True})
    ]
    resign(people, None)
    assert Invitee.objects.expected().filter(pk__in=[row.pk for row in kept]).count() == 2


def test_coming_back_restores_nothing_by_itself(people, plenary, client):
    """The team convenes again; the former link stays dead, the former answer is asked again."""
    link_sent = link(plenary)
    client.post(link_sent, {"reply": "will_attend"})
    mandates.record_step(mandate_of(people), "suspend", by=people["officer"])
    mandates.record_step(mandate_of(people), "resume", by=people["officer"])
    plenary.refresh_from_db()
    assert plenary.withdrawn_at is not None
    assert client.get(link_sent).status_code == 410
    convening.renotify(plenary.sitting, by=people["officer"])
    plenary.refresh_from_db()
    assert (plenary.withdrawn_at, plenary.reply, plenary.replied_at) == (None, Reply.INVITED, None)
    assert client.get(link_sent).status_code == 410
    assert client.get(link(plenary)).status_code == 200


def test_an_account_that_is_suspended_loses_its_links_and_not_the_seat(people, plenary, client):
    """The law asks to convene whoever holds a mandate: only the ways in close."""
    link_sent = link(plenary)
    roles.suspend_person(people["member"], by=people["lead"], assembly=people.assembly)
    plenary.refresh_from_db()
    assert plenary.withdrawn_at is None
    assert client.get(link_sent).status_code == 410


def test_whoever_left_is_not_convened_as_chair(people):
    mandate = mandate_of(people)
    other = MandateFactory(term=people.term).member.person
    sitting = SittingFactory(term=people.term, chair=mandate.member.person, secretary=other)
    resign(people, None)
    assert {one.person for one in people_to_convene(sitting)} == {other}


def test_a_former_chair_gives_no_visa(people, signed_in):
    """The minutes wait for a visa on paper: whoever holds nothing in the house any more signs nothing in it."""
    mandate = mandate_of(people)
    url = reverse("sittings:minutes-visa", args=[route_objects.approved(people)["pk"]])
    assert signed_in("member").get(url).status_code == 200
    mandates.end(mandate, by=people["officer"], reason=EndReason.RESIGNED)
    assert signed_in(User.objects.get(pk=people["member"].pk)).get(url).status_code == 403


@pytest.mark.parametrize("who", ["officer", "facilitator"])
def test_a_role_that_ends_closes_the_pages_that_are_open(who, people, signed_in):
    browser = signed_in(who)
    UserSession.objects.create(
        user=people[who], session_key=browser.session.session_key, ip="127.0.0.1", user_agent=""
    )
    assert browser.get(reverse("sittings:list")).status_code == 200
    roles.end(RoleAssignment.objects.get(user=people[who]), by=people["lead"])
    assert browser.get(reverse("sittings:list")).status_code == 302


def test_the_role_of_a_member_does_not_end_before_the_mandate(people, plenary, signed_in):
    """Its holder would still be convened, counted and shown the sitting."""
    held = RoleAssignment.objects.get(user=people["member"], role="member")
    with pytest.raises(ValidationError, match="mettez fin à son mandat"):
        roles.end(held, by=people["lead"])
    browser = signed_in("lead")
    person = reverse("institution:person", args=[held.user_id])
    assert "mettez fin à son mandat" in browser.get(person).text
    assert browser.post(reverse("institution:role-end", args=[held.pk])).headers["Location"] == person
    held.refresh_from_db()
    assert held.ended_at is None
    resign(people, plenary)
    held.refresh_from_db()
    assert held.ended_at is not None
    assert statuses(signed_in("member"), pages(plenary.sitting))[0] in (403, 404)


def test_the_last_role_takes_the_seats_in_committees_with_it(people, signed_in):
    """A directorate's contact who sat in a steering committee is convened there no more, from this day on."""
    sitting = SittingFactory(term=people.term, committee_sitting=True, notified=True)
    agent = people["dir_contact"]
    seat = CommitteeMembershipFactory(committee=sitting.committee, person=agent.person)
    invitee = InviteeFactory(sitting=sitting, person=agent.person)
    assert roles.end(RoleAssignment.objects.get(user=agent), by=people["lead"]) == 1
    seat.refresh_from_db()
    assert seat.ends_on is not None
    invitee.refresh_from_db()
    assert invitee.withdrawn_at is not None
    assert not Sitting.objects.visible_to(agent).filter(pk=sitting.pk).exists()


@pytest.mark.parametrize("function", ["chair", "secretary"])
def test_a_former_chair_reads_no_draft_of_minutes(people, plenary, function):
    """Whoever holds a function reads the minutes from the first word, as long as a role is held in the term."""
    minutes = MinutesFactory(sitting__term=people.term)
    Sitting.objects.filter(pk=minutes.sitting_id).update(**{function: people["member"].person})
    assert Minutes.objects.visible_to(people["member"]).filter(pk=minutes.pk).exists()
    resign(people, plenary)
    rules.invalidate_roles(people["member"])
    assert not Minutes.objects.visible_to(people["member"]).filter(pk=minutes.pk).exists()
