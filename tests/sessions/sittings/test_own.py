import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from sessions.models import Reply, Sitting, Via
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.sessions import (
    AgendaItemFactory,
    AttendanceFactory,
    InviteeFactory,
    NoticeFactory,
    SittingFactory,
    put_today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(signed_in):
    return signed_in("member")


def test_a_member_answers_by_one_tap(member, people):
    sitting = SittingFactory(notified=True)
    NoticeFactory(sitting=sitting)
    invitee = InviteeFactory(sitting=sitting, person=people["member"].person)
    page = member.get(reverse("sittings:my-list"))
    assert "Je viens" in page.content.decode()
    url = reverse("sittings:my-sitting", args=[sitting.pk])
    assert member.get(url, {"reponse": "will_attend"}).status_code == 200
    invitee.refresh_from_db()
    assert invitee.reply == Reply.INVITED
    answer = member.post(url, {"reply": "will_attend"}, headers={"HX-Request": "true"})
    in_place = member.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "C’est noté" in in_place
    assert "<main" not in in_place
    invitee.refresh_from_db()
    assert (invitee.reply, invitee.replied_via) == (Reply.WILL_ATTEND, Via.ACCOUNT)
    assert list(Entry.objects.values_list("event_type", flat=True)) == ["invitee.replied"]


def test_what_a_member_sees(people):
    user = people["member"]
    committee = CommitteeFactory()
    CommitteeMembershipFactory(committee=committee, person=user.person)
    seen = [
        SittingFactory(notified=True),
        SittingFactory(),  # planned and announced to the public
        SittingFactory(committee_sitting=True, committee=committee, notified=True),
        InviteeFactory(sitting=SittingFactory(committee_sitting=True, notified=True), person=user.person).sitting,
    ]
    SittingFactory(is_public=False)
    SittingFactory(committee_sitting=True, committee=committee)
    SittingFactory(committee_sitting=True, notified=True)
    InviteeFactory(sitting=SittingFactory(committee_sitting=True), person=user.person)
    assert set(Sitting.objects.visible_to(user)) == set(seen)


@pytest.mark.parametrize("who", ["stranger", "dpo", "admin", "dir_contact", "witness"])
def test_others_see_nothing_unless_convened(people, who):
    sitting = SittingFactory(notified=True)
    assert not Sitting.objects.visible_to(people[who]).exists()
    InviteeFactory(sitting=sitting, person=people[who].person)
    assert list(Sitting.objects.visible_to(people[who])) == [sitting]


def test_members_of_another_assembly_see_nothing(people):
    SittingFactory(notified=True)
    for role in ("member", "lead", "facilitator"):
        assert not Sitting.objects.visible_to(people.elsewhere(role)).exists()


def test_internal_points_and_the_agenda_of_a_planned_sitting_stay_inside(member, people):
    planned = SittingFactory()
    AgendaItemFactory(sitting=planned, title="Pas encore")
    sitting = SittingFactory(notified=True, video_link="https://visio.example.org/secret")
    parent = AgendaItemFactory(sitting=sitting, title="Réservé", is_internal=True)
    AgendaItemFactory(sitting=sitting, title="Détail réservé", parent=parent)
    AgendaItemFactory(sitting=sitting, title="Pour tous")
    NoticeFactory(sitting=sitting)
    text = member.get(reverse("sittings:my-sitting", args=[sitting.pk])).content.decode()
    assert "Pour tous" in text
    assert "servé" not in text
    assert "visio.example.org" not in text
    assert "Pas encore" not in member.get(reverse("sittings:my-sitting", args=[planned.pk])).content.decode()


def test_one_cannot_answer_without_being_convened(member):
    sitting = SittingFactory(notified=True)
    assert member.post(reverse("sittings:my-sitting", args=[sitting.pk]), {"reply": "will_attend"}).status_code == 404


@pytest.mark.parametrize("state", ["open", "postponed", "cancelled"])
def test_too_late_is_told_as_such(member, people, state):
    invitee = InviteeFactory(person=people["member"].person)
    put_today(invitee.sitting, state)
    url = reverse("sittings:my-sitting", args=[invitee.sitting_id])
    assert member.post(url, {"reply": "will_attend"}).status_code == 409
    invitee.refresh_from_db()
    assert invitee.reply == Reply.INVITED


def test_the_certificate_is_for_who_came(member, people):
    sitting = SittingFactory(held=True)
    url = reverse("sittings:my-certificate", args=[sitting.pk])
    invitee = InviteeFactory(sitting=sitting, person=people["member"].person)
    assert member.get(url).status_code == 404
    AttendanceFactory(invitee=invitee, left_at=sitting.ends_at)
    response = member.get(url)
    assert (response.status_code, response.content[:5]) == (200, b"%PDF-")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_and_three_rows(member, people, rows, django_assert_max_num_queries):
    for _ in range(rows):
        InviteeFactory(person=people["member"].person)
        InviteeFactory(sitting=SittingFactory(held=True), person=people["member"].person)
    url = reverse("sittings:my-list")
    member.get(url)
    with django_assert_max_num_queries(12):
        member.get(url)
