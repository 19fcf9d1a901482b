from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assembly.audit.models import Entry
from sessions.attendance import actions
from sessions.attendance.queries import presence as queries
from sessions.models import Absence, Attendance, SittingState
from sessions.sittings.workflow import SITTING
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, AttendanceFactory, InviteeFactory, SittingFactory, began

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def running():
    return SittingFactory(running=True)


@pytest.fixture
def invitee(running):
    return InviteeFactory(sitting=running)


def verbs():
    return list(Entry.objects.order_by("pk").values_list("event_type", flat=True))


def kept():
    return Attendance.objects.filter(voided_at=None).count()


def test_two_taps_make_one_arrival(invitee, people):
    first = actions.record_arrival(invitee, by=people["officer"])
    assert actions.record_arrival(invitee, by=people["officer"]) == first
    assert (kept(), verbs()) == (1, ["attendance.arrived"])


def test_many_arrive_together_and_it_is_undone_together(running, people):
    rows = [InviteeFactory(sitting=running) for _ in range(4)]
    elsewhere = InviteeFactory(sitting=SittingFactory(running=True))
    early = actions.record_arrival(rows[0], by=people["officer"])
    moment, count = actions.record_arrivals(running, [row.pk for row in (*rows[:3], elsewhere)], by=people["officer"])
    assert (count, kept(), elsewhere.stays.count()) == (2, 3, 0)
    assert queries.present_count(running, timezone.now()) == 3
    actions.record_departure(rows[1], by=people["officer"])
    for expected in (1, 0):
        assert actions.void_arrivals(running, at=moment, by=people["officer"]) == expected
    assert set(Attendance.objects.filter(voided_at=None)) == {early, rows[1].stays.get()}
    assert verbs() == [
        "attendance.arrived",
        "attendance.arrived_together",
        "attendance.left",
        "attendance.voided_together",
    ]


@pytest.mark.parametrize("who", ["facilitator", "member"])
def test_only_the_team_notes_many(running, people, who):
    row = InviteeFactory(sitting=running)
    with pytest.raises(PermissionDenied):
        actions.record_arrivals(running, [row.pk], by=people[who])
    with pytest.raises(PermissionDenied):
        actions.record_arrivals(SittingFactory(held=True), [row.pk], by=people["officer"])
    assert (kept(), verbs()) == (0, [])


def test_arrive_leave_and_come_back(invitee, people):
    hour = timezone.now() - timedelta(minutes=30)
    actions.record_arrival(invitee, by=people["officer"], at=hour)
    actions.record_departure(invitee, by=people["officer"], at=hour + timedelta(minutes=5))
    actions.record_departure(invitee, by=people["officer"])
    actions.record_arrival(invitee, by=people["officer"], at=hour + timedelta(minutes=10))
    row = queries.read_row(invitee)
    assert (len(row.stays), row.is_there, verbs()) == (
        2,
        True,
        ["attendance.arrived", "attendance.left", "attendance.arrived"],
    )


def test_undo_takes_back_a_departure_then_an_arrival_and_erases_nothing(invitee, people):
    hour = timezone.now() - timedelta(minutes=30)
    actions.record_arrival(invitee, by=people["officer"], at=hour)
    actions.record_departure(invitee, by=people["officer"])
    actions.undo_last_tap(invitee, by=people["officer"])
    assert queries.read_row(invitee).is_there
    actions.undo_last_tap(invitee, by=people["officer"])
    assert (queries.read_row(invitee).came, kept(), Attendance.objects.count()) == (False, 0, 2)
    actions.undo_last_tap(invitee, by=people["officer"])
    assert Attendance.objects.count() == 2


def test_five_minutes_of_overlap_are_refused_by_the_database_in_french(invitee, people):
    hour = invitee.sitting.starts_at
    AttendanceFactory(invitee=invitee, arrived_at=hour, left_at=hour + timedelta(minutes=60))
    with pytest.raises(ValidationError, match="déjà notée présente"):
        actions.add_stay(
            invitee,
            arrived_at=hour + timedelta(minutes=40),
            left_at=hour + timedelta(minutes=55),
            mode="room",
            via="paper",
            by=people["officer"],
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(invitee=invitee, arrived_at=hour + timedelta(minutes=59))
    assert (kept(), verbs()) == (1, [])


def test_leaving_at_the_instant_of_another_arrival_is_no_overlap(invitee):
    hour = invitee.sitting.starts_at
    AttendanceFactory(invitee=invitee, arrived_at=hour, left_at=hour + timedelta(minutes=60))
    AttendanceFactory(invitee=invitee, arrived_at=hour + timedelta(minutes=60))
    assert kept() == 2


def test_closing_ends_stays_and_notes_absences(running, people):
    there = InviteeFactory(sitting=running)
    excused = InviteeFactory(sitting=running, not_coming=True)
    absent = InviteeFactory(sitting=running, coming=True)
    guest = InviteeFactory(sitting=running, guest=True)
    actions.record_arrival(there, by=people["officer"], at=running.starts_at)
    actions.close(running, by=people["officer"])
    for row in (there, excused, absent, guest):
        row.refresh_from_db()
    assert [row.absence for row in (there, excused, absent, guest)] == ["", Absence.EXCUSED, Absence.ABSENT, ""]
    assert (running.state, there.stays.get().left_at) == (SittingState.CLOSED, running.closed_at)
    found = queries.attendance_summary(running)
    assert [len(rows) for rows in (found.present, found.excused, found.absent, found.guests)] == [1, 1, 1, 0]


def test_closing_ends_the_point_that_was_running(running, people):
    item = AgendaItemFactory(sitting=running, opened_at=running.starts_at)
    AttendanceFactory(invitee__sitting=running)
    actions.close(running, by=people["officer"])
    item.refresh_from_db()
    assert item.closed_at == running.closed_at


def test_nobody_is_tapped_after_the_end(people):
    invitee = InviteeFactory(sitting=SittingFactory(held=True))
    for tap in (actions.record_arrival, actions.record_departure, actions.undo_last_tap):
        with pytest.raises(PermissionDenied):
            tap(invitee, by=people["officer"])
    assert (kept(), verbs()) == (0, [])


def test_a_stay_begun_at_the_instant_of_the_end_lasts_no_time(running, invitee, people):
    moment = timezone.now()
    actions.record_arrival(invitee, by=people["officer"], at=moment)
    SITTING.transition(running, "close", by=people["officer"], closed_at=moment)
    actions.end_roll(running)
    assert kept() == 0


@pytest.mark.parametrize("state", SittingState)
@pytest.mark.parametrize("who", ["officer", "member", "facilitator"])
def test_the_roll_by_state_and_role(people, who, state):
    start = timezone.now() - timedelta(hours=9)
    sitting = SittingFactory(state=state, starts_at=start, reason="neige", **began(state, opened_at=start))
    invitee = InviteeFactory(sitting=sitting)
    if who == "officer" and state in ("open", "suspended", "closed", "minuted", "not_quorate"):
        actions.add_stay(
            invitee,
            arrived_at=start,
            left_at=start + timedelta(minutes=5),
            mode="room",
            via="paper",
            by=people[who],
        )
        expected = (1, ["attendance.arrived"])
    else:
        with pytest.raises(PermissionDenied):
            actions.record_arrival(invitee, by=people[who])
        expected = (0, [])
    assert (kept(), verbs()) == expected


def test_a_correction_voids_and_writes_anew(people):
    sitting = SittingFactory(held=True)
    stay = AttendanceFactory(invitee=InviteeFactory(sitting=sitting), left_at=sitting.ends_at)
    made = actions.correct(
        stay,
        arrived_at=sitting.starts_at + timedelta(minutes=20),
        left_at=sitting.ends_at,
        mode="remote",
        by=people["officer"],
    )
    stay.refresh_from_db()
    assert stay.voided_at is not None
    assert (made.mode, kept(), verbs()) == ("remote", 1, ["attendance.corrected"])


def test_the_journal_names_the_person_whose_stay_is_written(people):
    sitting = SittingFactory(held=True)
    row, by = InviteeFactory(sitting=sitting), people["officer"]
    first, second, end = (sitting.starts_at + timedelta(minutes=minutes) for minutes in (0, 20, 60))
    stay = actions.add_stay(row, arrived_at=first, left_at=end, mode="room", via="paper", by=by)
    stay = actions.correct(stay, arrived_at=second, left_at=end, mode="room", by=by)
    actions.void_stay(stay, by=by)
    lines = Entry.objects.order_by("pk").values_list("event_type", "on_behalf_of")
    assert list(lines) == [
        ("attendance.arrived", row.person.pseudonym),
        ("attendance.corrected", row.person.pseudonym),
        ("attendance.voided", row.person.pseudonym),
    ]


def test_the_journal_names_the_person_whose_tap_is_taken_back(invitee, people):
    actions.record_arrival(invitee, by=people["officer"])
    actions.undo_last_tap(invitee, by=people["officer"])
    assert set(Entry.objects.values_list("on_behalf_of", flat=True)) == {invitee.person.pseudonym}


def test_hours_of_another_day_or_without_end_are_refused_after_the_sitting(people):
    sitting = SittingFactory(held=True)
    invitee = InviteeFactory(sitting=sitting)
    facts = {"mode": "room", "via": "paper", "by": people["officer"]}
    with pytest.raises(ValidationError, match="jour de la séance"):
        actions.add_stay(invitee, arrived_at=timezone.now(), left_at=None, **facts)
    with pytest.raises(ValidationError, match="heure du départ"):
        actions.add_stay(invitee, arrived_at=sitting.starts_at, left_at=None, **facts)
    with pytest.raises(ValidationError, match="après l’arrivée"):
        actions.add_stay(invitee, arrived_at=sitting.ends_at, left_at=sitting.starts_at, **facts)
    assert kept() == 0


def test_quorum_by_seats_held_at_an_instant(people):
    mandates = MandateFactory.create_batch(5)
    sitting = SittingFactory(held=True)
    for mandate in mandates[:3]:
        invitee = InviteeFactory(sitting=sitting, person=mandate.member.person)
        AttendanceFactory(invitee=invitee, left_at=sitting.starts_at + timedelta(hours=1))
    AttendanceFactory(invitee=InviteeFactory(sitting=sitting, guest=True), left_at=sitting.ends_at)
    early, late = sitting.starts_at, sitting.starts_at + timedelta(hours=1)
    assert (queries.quorum_at(sitting, early).present, queries.quorum_at(sitting, early).needed) == (3, 3)
    assert queries.quorum_at(sitting, early).is_met
    assert not queries.quorum_at(sitting, late).is_met
    assert queries.present_at(sitting, early).count() == 3
    assert queries.quorum_curve(sitting) == [(early, 3), (late, 0)]
    sitting.is_quorum_required = False
    assert queries.quorum_at(sitting, late).is_met


def test_no_quorum_ends_the_sitting(running, people):
    MandateFactory.create_batch(3)
    actions.note_no_quorum(running, by=people["lead"])
    entry = Entry.objects.get()
    assert (running.state, entry.event_type, entry.facts) == (
        "not_quorate",
        "sitting.not_quorate",
        {"before": "open", "after": "not_quorate", "present": 0, "needed": 2, "rule": "second"},
    )


def test_half_days_across_the_night_the_clocks_change(people):
    """28 March 2027: 2 h becomes 3 h. A sitting from 1 h to 4 h lasts two hours, not three."""
    start = datetime(2027, 3, 28, 1, 0, tzinfo=PARIS)
    sitting = SittingFactory(
        state="closed",
        starts_at=start,
        ends_at=datetime(2027, 3, 28, 4, 0, tzinfo=PARIS),
        break_starts_at=None,
        break_ends_at=None,
        opened_at=start,
        closed_at=datetime(2027, 3, 28, 4, 0, tzinfo=PARIS),
    )
    invitee = InviteeFactory(sitting=sitting)
    AttendanceFactory(invitee=invitee, left_at=sitting.ends_at)
    row = queries.roll(sitting)[0]
    assert (row.minutes, row.half_days) == (120, [True])


def test_present_by_half_day(people):
    sitting = SittingFactory(held=True)
    morning = InviteeFactory(sitting=sitting)
    AttendanceFactory(invitee=morning, left_at=sitting.break_starts_at)
    whole = InviteeFactory(sitting=sitting)
    AttendanceFactory(invitee=whole, left_at=sitting.ends_at)
    assert [(half.members, half.guests) for half in queries.attendance_summary(sitting).half_days] == [(2, 0), (1, 0)]
