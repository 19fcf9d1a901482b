from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery, Distribution
from assembly.workflow import StateConflict
from sessions.models import Invitee, Notice, NoticeKind, Reply, Sitting, SittingState
from sessions.sittings import rules as sittings
from sessions.sittings.actions import convening as actions
from sessions.sittings.queries.convening import preview
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, InviteeFactory, SittingFactory, began

pytestmark = pytest.mark.django_db


@pytest.fixture
def plenary(people):
    """Make a plenary with three members, one of whom is reached by post, and an expert."""
    sitting = SittingFactory()
    MandateFactory.create_batch(2)
    MandateFactory(paper=True)
    MandateFactory(ended=True)
    InviteeFactory(sitting=sitting, guest=True)
    AgendaItemFactory(sitting=sitting, title="Ouverture")
    AgendaItemFactory(sitting=sitting, title="Préparation", is_internal=True)
    return sitting


def counts():
    return Notice.objects.count(), Invitee.objects.expected().count(), Delivery.objects.count()


def test_convening_freezes_the_notice_and_writes_to_each_person_once(plenary, people):
    shown = preview(plenary)
    assert (len(shown.by_mail), [one.person.is_paper for one in shown.by_letter]) == (3, [True])
    notice = actions.notify(plenary, by=people["officer"], shown=preview(plenary).digest)
    plenary.refresh_from_db()
    assert (plenary.state, notice.kind, notice.number) == (SittingState.NOTIFIED, NoticeKind.FIRST, 1)
    assert counts() == (1, 4, 4)
    assert set(Delivery.objects.values_list("way", "state")) == {("email", "queued"), ("paper", "queued")}
    assert [row["title"] for row in notice.snapshot["agenda"]] == ["Ouverture"]
    assert list(Entry.objects.values_list("event_type", flat=True)) == ["distribution.requested", "sitting.notified"]


def test_convening_twice_is_refused_and_writes_nothing_more(plenary, people):
    actions.notify(plenary, by=people["officer"])
    again = Sitting.objects.get(pk=plenary.pk)
    again.state = SittingState.PLANNED  # the copy that a second window still shows
    with pytest.raises(StateConflict):
        actions.notify(again, by=people["officer"])
    assert counts() == (1, 4, 4)


def test_something_else_than_what_was_read_is_not_sent(plenary, people):
    shown = preview(plenary).digest
    MandateFactory()
    with pytest.raises(ValidationError, match="Rien n’est parti"):
        actions.notify(plenary, by=people["officer"], shown=shown)
    assert counts() == (0, 1, 0)


@pytest.mark.parametrize("who", ["member", "facilitator", "stranger", "admin", "sponsor"])
def test_only_the_team_convenes(plenary, people, who):
    with pytest.raises(PermissionDenied):
        actions.notify(plenary, by=people[who])
    assert (counts(), Entry.objects.count()) == ((0, 1, 0), 0)


def test_an_officer_of_another_assembly_does_not_convene(plenary, people):
    with pytest.raises(PermissionDenied):
        actions.notify(plenary, by=people.elsewhere("officer"))


@pytest.mark.parametrize("state", SittingState)
def test_convening_by_state(people, state):
    starts_at = timezone.now() + timedelta(hours=1)
    sitting = SittingFactory(state=state, reason="neige", starts_at=starts_at, **began(state))
    if state == SittingState.PLANNED:
        actions.notify(sitting, by=people["lead"])
        assert sitting.state == SittingState.NOTIFIED
    else:
        with pytest.raises(StateConflict):
            actions.notify(sitting, by=people["lead"])
        assert Notice.objects.count() == 0


def test_a_committee_convenes_its_members_of_the_day_and_the_chair(people):
    committee = CommitteeFactory(kind="steering")
    seat = CommitteeMembershipFactory(committee=committee)
    CommitteeMembershipFactory(committee=committee, person=seat.person, function="chair")
    gone = CommitteeMembershipFactory(committee=committee, ends_on=timezone.localdate())
    secretary = PersonFactory()
    sitting = SittingFactory(committee_sitting=True, committee=committee, secretary=secretary)
    actions.notify(sitting, by=people["officer"])
    asked = dict(Invitee.objects.values_list("person", "is_member"))
    assert asked == {seat.person_id: True, secretary.pk: False}
    assert gone.person_id not in asked


def test_a_new_date_asks_the_answers_again_and_tells_what_changed(plenary, people):
    actions.notify(plenary, by=people["officer"])
    invitee = Invitee.objects.filter(is_member=True).first()
    Invitee.objects.filter(pk=invitee.pk).update(reply=Reply.WILL_ATTEND, replied_at=timezone.now(), diet="sans sel")
    Sitting.objects.filter(pk=plenary.pk).update(
        **{name: getattr(plenary, name) + timedelta(days=7) for name in ("starts_at", "ends_at")},
        break_starts_at=None,
        break_ends_at=None,
        place_name="Muret",
    )
    plenary.refresh_from_db()
    notice = actions.renotify(plenary, by=people["officer"])
    invitee.refresh_from_db()
    assert (invitee.reply, invitee.replied_at, invitee.diet) == (Reply.INVITED, None, "sans sel")
    assert {line["label"] for line in notice.changes} == {"Date et heures", "Pause", "Lieu"}
    assert (notice.kind, notice.number, Distribution.objects.count()) == (NoticeKind.CHANGED, 2, 2)


def test_another_place_keeps_the_answers(plenary, people):
    actions.notify(plenary, by=people["officer"])
    Invitee.objects.update(reply=Reply.WILL_ATTEND, replied_at=timezone.now())
    plenary.place_name = "Muret"
    plenary.save()
    actions.renotify(plenary, by=people["officer"])
    assert set(Invitee.objects.values_list("reply", flat=True)) == {Reply.WILL_ATTEND}


def test_convening_again_adds_newcomers_and_withdraws_who_left(plenary, people):
    actions.notify(plenary, by=people["officer"])
    left = Invitee.objects.filter(is_member=True).select_related("person__member").first()
    mandate = left.person.member.mandates.get()
    mandate.state, mandate.ended_on, mandate.end_reason = "ended", timezone.localdate(), "resigned"
    mandate.save()
    MandateFactory()
    actions.renotify(plenary, by=people["officer"])
    left.refresh_from_db()
    assert left.withdrawn_at is not None
    assert Invitee.objects.expected().count() == 4


def test_a_reminder_goes_to_who_has_not_answered_once_a_day(plenary, people):
    actions.notify(plenary, by=people["officer"])
    first = Invitee.objects.filter(is_member=True).first()
    Invitee.objects.filter(pk=first.pk).update(reply=Reply.WILL_NOT, replied_at=timezone.now())
    before = Delivery.objects.count()
    actions.remind(plenary, by=people["officer"])
    with pytest.raises(ValidationError, match="déjà partie aujourd’hui"):
        actions.remind(plenary, by=people["officer"])
    assert Entry.objects.filter(event_type="invitee.reminded").count() == 1
    reminded = Delivery.objects.filter(distribution__kind="sitting-reminder")
    assert reminded.count() == Delivery.objects.count() - before
    assert first.person_id not in reminded.values_list("person", flat=True)


def test_putting_off_tells_everybody_and_plans_the_next(plenary, people):
    actions.notify(plenary, by=people["officer"])
    later = plenary.starts_at + timedelta(days=14)
    made = actions.postpone(
        plenary, reason="Neige", by=people["officer"], starts_at=later, ends_at=later + timedelta(hours=7)
    )
    plenary.refresh_from_db()
    assert (plenary.state, plenary.reason, made.state, made.follows) == ("postponed", "Neige", "planned", plenary)
    assert made.reference != plenary.reference
    assert [item.title for item in made.agenda.all()] == ["Ouverture", "Préparation"]
    assert made.invitees.filter(is_member=False).count() == 1
    assert list(Distribution.objects.order_by("pk").values_list("kind", flat=True)) == [
        "sitting-notice",
        "sitting-postponed",
    ]


def test_calling_off_a_planned_sitting_writes_to_nobody(people):
    sitting = SittingFactory()
    actions.cancel(sitting, reason="Doublon", by=people["officer"])
    assert (sitting.state, Distribution.objects.count()) == ("cancelled", 0)


def test_the_second_sitting_needs_no_quorum(people):
    sitting = SittingFactory(not_quorate=True)
    MandateFactory()
    later = timezone.now() + timedelta(days=20)
    made = actions.reconvene(sitting, starts_at=later, ends_at=later + timedelta(hours=3), by=people["lead"])
    assert (sitting.state, made.is_quorum_required) == ("reconvened", False)
    notice = actions.notify(Sitting.objects.get(pk=made.pk), by=people["lead"])
    assert notice.kind == NoticeKind.SECOND


def test_the_link_is_personal_and_dies_with_the_day(plenary, people):
    actions.notify(plenary, by=people["officer"])
    invitee = Invitee.objects.select_related("sitting").first()
    token = sittings.reply_token(invitee)
    assert sittings.read_reply(token)[:2] == (invitee.public_id, 1)
    assert sittings.is_alive(invitee, 1)
    assert not sittings.is_alive(invitee, 2)
    invitee.sitting.starts_at -= timedelta(days=31)
    assert not sittings.is_alive(invitee, 1)
    for forged in (token[:-1], token.replace("-1_", "-2_"), "x", "", "..", sittings.CALENDAR.sign("1-1")):
        with pytest.raises(sittings.BadLink):
            sittings.read_reply(forged)


def test_warnings_before_convening(people):
    soon = timezone.now() + timedelta(days=3)
    sitting = SittingFactory(
        starts_at=soon,
        ends_at=soon + timedelta(hours=1),
        break_starts_at=None,
        break_ends_at=None,
        place_name="",
        place_address="",
    )
    MandateFactory(paper=True, member__person__address="")
    words = " ".join(f"{row.fact}, {row.consequence}" for row in preview(sitting).warnings).replace("\u00a0", " ")
    for piece in ("délai de convocation est de 14 jours", "ordre du jour est vide", "Ni lieu", "Ni courriel"):
        assert piece in words
