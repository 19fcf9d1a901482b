"""The path of a mandate: full matrix state × role, with state, journal and what else moved (or did not)."""

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.models import CommitteeMembership, Invitation, Role, RoleAssignment
from assembly.workflow import StateConflict
from members.enums import EndReason, MandateState
from members.mandates import actions
from members.mandates.queries import active_mandates, former_person_ids, seats_held, vacant_seats
from members.models import Mandate, Seat
from tests.factories.identity import UserFactory
from tests.factories.institution import (
    CantonFactory,
    CommitteeFactory,
    CommitteeMembershipFactory,
    InvitationFactory,
    RoleAssignmentFactory,
    TermFactory,
)
from tests.factories.members import MandateFactory, MemberFactory, SeatFactory
from tests.undo import undone

pytestmark = pytest.mark.django_db

# step: (from, to, journal); the team of the term takes all of them
STEPS = {
    "accept": ({"proposed"}, "accepted", "mandate.accepted"),
    "decline": ({"proposed"}, "declined", "mandate.declined"),
    "lapse": ({"proposed"}, "no_answer", "mandate.lapsed"),
    "activate": ({"accepted"}, "active", "mandate.activated"),
    "suspend": ({"active"}, "suspended", "mandate.suspended"),
    "resume": ({"suspended"}, "active", "mandate.resumed"),
    "end": ({"accepted", "active", "suspended"}, "ended", "mandate.ended"),
}
WHO = ["lead", "officer", "facilitator", "member", "dpo", "stranger", "officer elsewhere"]


def in_state(state):
    traits = {} if state == MandateState.ACTIVE else {str(state): True}
    return MandateFactory(**traits)


def take(mandate, verb, by):
    if verb == "end":
        actions.end(mandate, by=by, reason=EndReason.RESIGNED)
    else:
        actions.record_step(mandate, verb, by=by)


def tried(mandate, verb, who, by):
    sources, target, word = STEPS[verb]
    state = mandate.state
    if who not in ("lead", "officer"):
        with pytest.raises(PermissionDenied):
            take(mandate, verb, by)
        expected = state, []
    elif state not in sources:
        with pytest.raises(StateConflict):
            take(mandate, verb, by)
        expected = state, []
    else:
        take(mandate, verb, by)
        expected = target, [word] + (["member.access_ended"] if verb == "end" else [])
    mandate.refresh_from_db()
    verbs = list(Entry.objects.order_by("pk").values_list("event_type", flat=True))
    assert (mandate.state, verbs) == expected, (verb, state, who)


@pytest.mark.parametrize("state", list(MandateState))
def test_every_step_by_every_role(state, people):
    made = in_state(state)
    roles = {who: people.elsewhere("officer") if who == "officer elsewhere" else people[who] for who in WHO}
    for verb, (who, by) in product(STEPS, roles.items()):
        with undone():
            tried(Mandate.objects.get(pk=made.pk), verb, who, by)
    assert Mandate.objects.get(pk=made.pk).state == state


def test_exclusion_is_a_decision_of_the_lead(people):
    mandate = MandateFactory()
    with pytest.raises(PermissionDenied):
        actions.end(mandate, by=people["officer"], reason=EndReason.EXCLUDED)
    actions.end(mandate, by=people["lead"], reason=EndReason.EXCLUDED)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.end_reason) == (MandateState.ENDED, EndReason.EXCLUDED)


def test_absences_end_a_mandate_by_their_own_procedure_only(people, signed_in):
    """Not from « Mettre fin », by anybody: neither the page nor a request made by hand."""
    mandate = MandateFactory()
    for role in ("officer", "lead"):
        with pytest.raises(ValidationError):
            actions.end(mandate, by=people[role], reason=EndReason.ABSENCES)
        page = reverse("members:member-step", args=[mandate.pk, "terminer"])
        browser = signed_in(role)
        assert 'value="absences"' not in browser.get(page).text
        today = timezone.localdate().isoformat()
        assert browser.post(page, {"reason": "absences", "on": today}).status_code == 422
    mandate.refresh_from_db()
    assert mandate.state == MandateState.ACTIVE
    with pytest.raises(PermissionDenied):
        actions.end_for_absences(mandate, by=people["officer"])
    actions.end_for_absences(mandate, by=people["lead"])
    mandate.refresh_from_db()
    assert (mandate.state, mandate.end_reason) == (MandateState.ENDED, EndReason.ABSENCES)


def test_end_closes_the_sign_in_and_the_committee_seats_but_not_those_of_others(people, signed_in):
    mandate, other = MandateFactory(), MandateFactory()
    user, neighbour = UserFactory(person=mandate.member.person), UserFactory(person=other.member.person)
    for account in (user, neighbour):
        RoleAssignmentFactory(user=account, role=Role.MEMBER)
    seat = CommitteeMembershipFactory(person=mandate.member.person)
    kept = CommitteeMembershipFactory(person=other.member.person)
    elsewhere = CommitteeMembershipFactory(
        person=mandate.member.person, committee=CommitteeFactory(term=TermFactory(another=True))
    )
    invitation = InvitationFactory(person=mandate.member.person)
    browser = signed_in(user)
    assert browser.get("/espace/moi/").status_code == 200
    key = browser.session.session_key
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", user_agent="essai", data={})
    with time_machine.travel("2026-06-10 08:00 +0000", tick=False):
        actions.end(mandate, by=people["officer"], reason=EndReason.RESIGNED, detail="Lettre du 8 juin")
    for row in (seat, kept, elsewhere):
        row.refresh_from_db()
    assert (seat.ends_on, kept.ends_on, elsewhere.ends_on) == (date(2026, 6, 9), None, None)
    assert list(RoleAssignment.objects.filter(role=Role.MEMBER, ended_at=None).values_list("user", flat=True)) == [
        neighbour.pk
    ]
    assert Invitation.objects.get(pk=invitation.pk).revoked_at is not None
    assert Entry.objects.get(event_type="mandate.ended").detail.text == "Lettre du 8 juin"
    assert CommitteeMembership.objects.count() == 3
    assert browser.get("/espace/moi/").status_code == 302


def test_a_person_whose_mandate_ended_signs_texts_as_former_member():
    gone, here = MandateFactory(ended=True), MandateFactory()
    people = [gone.member.person_id, here.member.person_id]
    assert former_person_ids(here.term, people) == {gone.member.person_id}


def test_no_step_in_the_future_nor_before_the_one_that_came_first(people):
    mandate = MandateFactory(accepted=True)
    with pytest.raises(ValidationError, match="futur"):
        actions.record_step(mandate, "activate", by=people["officer"], on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(ValidationError, match="avant"):
        actions.record_step(mandate, "activate", by=people["officer"], on=date(2025, 9, 30))
    mandate.refresh_from_db()
    assert (mandate.state, Entry.objects.count()) == (MandateState.ACCEPTED, 0)


def test_no_answer_waits_for_the_deadline(people):
    mandate = MandateFactory(proposed=True, answer_deadline=timezone.localdate())
    with pytest.raises(ValidationError, match="délai"):
        actions.record_step(mandate, "lapse", by=people["officer"])
    Mandate.objects.filter(pk=mandate.pk).update(answer_deadline=timezone.localdate() - timedelta(days=1))
    mandate.refresh_from_db()
    actions.record_step(mandate, "lapse", by=people["officer"])
    assert mandate.state == MandateState.NO_ANSWER


def test_two_hands_the_second_is_refused(people):
    first = MandateFactory(proposed=True)
    second = Mandate.objects.get(pk=first.pk)
    actions.record_step(first, "accept", by=people["officer"])
    with pytest.raises(StateConflict):
        actions.record_step(second, "decline", by=people["lead"])
    second.refresh_from_db()
    assert second.state == MandateState.ACCEPTED


def test_days_of_a_mandate():
    mandate = MandateFactory(ended=True)
    days = [date(2025, 11, 28), date(2025, 11, 29), date(2026, 4, 30), date(2026, 5, 1)]
    assert [active_mandates(mandate.term, on=day).count() for day in days] == [0, 1, 1, 0]
    assert [seats_held(mandate.term, on=day) for day in days] == [0, 1, 1, 0]


def test_a_suspended_member_does_not_sit_but_holds_the_seat(people):
    mandate = MandateFactory(suspended=True)
    term = mandate.term
    assert (active_mandates(term, on=date(2026, 4, 2)).count(), seats_held(term, on=date(2026, 4, 2))) == (0, 1)
    actions.record_step(mandate, "resume", by=people["officer"], on=date(2026, 6, 1))
    assert [active_mandates(term, on=date(2026, month, 1)).count() for month in (3, 4, 5, 6)] == [1, 0, 0, 1]


def test_a_seat_has_one_holder_and_outlives_them(people):
    leaving = MandateFactory()
    newcomer = MemberFactory(canton=leaving.member.canton)
    with pytest.raises(ValidationError, match="déjà pourvu"):
        actions.propose(newcomer, leaving.term, by=people["officer"], seat=leaving.seat)
    actions.end(leaving, by=people["officer"], reason=EndReason.MOVED)
    assert list(vacant_seats(leaving.term)) == [leaving.seat]
    mandate = actions.propose(newcomer, leaving.term, by=people["officer"], seat=leaving.seat)
    assert (mandate.state, list(vacant_seats(leaving.term))) == (MandateState.PROPOSED, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        leaving.seat.delete()


def test_a_person_has_one_mandate_at_a_time(people):
    mandate = MandateFactory()
    seat = SeatFactory(term=mandate.term, canton=mandate.member.canton)
    with pytest.raises(ValidationError, match="déjà un mandat"):
        actions.propose(mandate.member, mandate.term, by=people["officer"], seat=seat)


@pytest.mark.parametrize("wrong", ["canton", "gender", "term"])
def test_a_seat_is_for_its_canton_its_gender_its_term(wrong, people):
    member = MemberFactory()
    seat = SeatFactory(
        canton=CantonFactory() if wrong == "canton" else member.canton,
        gender="M" if wrong == "gender" else "F",
        term=TermFactory(another=True) if wrong == "term" else TermFactory(),
    )
    with pytest.raises(ValidationError, match="autre canton"):
        actions.propose(member, TermFactory(), by=people["officer"], seat=seat)
    assert Mandate.objects.count() == 0


def test_a_canton_of_another_assembly_is_refused(people):
    foreign = people.elsewhere("officer").roles.get().assembly
    with pytest.raises(ValidationError, match="territoire"):
        actions.propose(MemberFactory(canton__assembly=foreign), TermFactory(), by=people["officer"])


def test_an_alternate_takes_a_vacant_seat_then_sits(people):
    alternate = MandateFactory(alternate=True)
    seat = SeatFactory(term=alternate.term, canton=alternate.member.canton)
    with pytest.raises(ValidationError, match="suppléante"):
        actions.record_step(alternate, "activate", by=people["officer"])
    actions.seat_alternate(alternate, seat, by=people["officer"])
    actions.record_step(alternate, "activate", by=people["officer"])
    assert list(active_mandates(alternate.term)) == [alternate]
    assert list(Entry.objects.order_by("pk").values_list("event_type", flat=True)) == [
        "mandate.seated",
        "mandate.activated",
    ]


def test_seats_are_created_once_by_the_lead(people):
    term = people.term
    CantonFactory(assembly=term.assembly), CantonFactory(assembly=term.assembly)
    people.elsewhere("lead")
    CantonFactory(assembly=people.elsewhere("lead").roles.get().assembly)
    with pytest.raises(PermissionDenied):
        actions.create_seats(term, by=people["officer"])
    assert actions.create_seats(term, by=people["lead"]) == 8
    assert actions.create_seats(term, by=people["lead"]) == 0
    assert Seat.objects.filter(term=term).count() == Seat.objects.count() == 8
    assert Entry.objects.filter(event_type="seats.created").count() == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"state": "active", "activated_on": None},
        {"state": "proposed"},
        {"state": "suspended"},
        {"state": "ended", "ended_on": date(2026, 5, 1)},
        {"ended_on": date(2026, 5, 1)},
        {"seat": None},
        {"kind": "alternate"},
        {"activated_on": date(2025, 9, 1)},
        {"state": "asleep"},
    ],
)
def test_the_database_refuses_a_lie(lie):
    mandate = MandateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.filter(pk=mandate.pk).update(**lie)
