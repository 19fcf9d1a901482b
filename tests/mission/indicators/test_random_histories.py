"""Random histories: what says that it can be counted again gives the value of its night, whatever came afterwards.

The oracle counts in plain Python, row by row, and knows nothing of the declarations. Histories are played by the
actions of the product under a clock of their own, corrections of past days included, and each is rolled back.
"""

from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from answers.models import Answer, AnswerValue
from assembly.indicators.registry import indicators
from assembly.institution.models import CommitteeKind
from members.models import Mandate
from mission.indicators import actions as nightly
from mission.indicators.models import IndicatorValue
from mission.registers.declaration import registers
from mission.support.models import SupportRequest
from sessions.attendance import actions as attendance
from sessions.models import Attendance, ExpenseBatch, Invitee, Sitting, SittingKind, Via
from sessions.sittings.actions import planning
from tests.answers.stage import answered_by
from tests.factories.answers import said
from tests.factories.institution import CommitteeFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.factories.support import SupportRequestFactory
from tests.people import People

PARIS = ZoneInfo("Europe/Paris")
FIRST = date(2026, 3, 2)
DAYS = 5
KEPT = {
    "plenieres",
    "reunions",
    "assiduite",
    "heures-de-travail",
    "frais-rembourses",
    "reponses-publiees",
    "appuis-demandes",
    "appuis-rendus",
}
ACTS = (
    "hold",
    "hold_group",
    "hold_steering",
    "no_quorum",
    "add",
    "correct",
    "void",
    "batch",
    "answer",
    "revise",
    "withdraw",
    "ask",
    "deliver",
)
SHORT = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
LONG = settings(SHORT, max_examples=150, derandomize=False)
HISTORIES = st.lists(
    st.tuples(st.integers(0, DAYS - 1), st.sampled_from(ACTS), st.integers(0, 30), st.integers(0, 30)),
    min_size=3,
    max_size=8,
)


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def end_for_want_of_quorum(sitting, *, by):
    """Record the missing quorum, or close the sitting if departures have lowered the quorum."""
    try:
        attendance.note_no_quorum(sitting, by=by)
    except ValidationError:
        attendance.close(sitting, by=by)


class Story:
    """One assembly of five members and the acts that may happen to it."""

    def __init__(self, people):
        self.people, self.term, self.by = people, people.term, people["officer"]
        begun = {"accepted_on": date(2025, 11, 1), "activated_on": date(2025, 11, 29)}
        self.mandates = [MandateFactory(term=self.term, **begun) for _ in range(5)]
        self.group = CommitteeFactory(term=self.term, kind=CommitteeKind.WORKING_GROUP)
        self.steering = CommitteeFactory(term=self.term, kind=CommitteeKind.STEERING)
        self.number = 0

    def play(self, day, act, one, two):
        with time_machine.travel(datetime.combine(day, time(9, 30), PARIS), tick=False) as clock:
            getattr(self, act)(clock, one, two)

    def hold(self, clock, one, two, committee=None, end=attendance.close):
        """Hold a sitting: some come, some leave early, and it is closed in the evening."""
        start = timezone.now()
        sitting = SittingFactory(
            running=True,
            term=self.term,
            kind=SittingKind.COMMITTEE if committee else SittingKind.PLENARY,
            committee=committee,
            starts_at=start,
        )
        asked = [InviteeFactory(sitting=sitting, person=row.member.person) for row in self.mandates]
        for place, invitee in enumerate(asked):
            if (one >> place) & 1:
                attendance.record_arrival(invitee, by=self.by, at=start + timedelta(minutes=place))
                if (two >> place) & 1:
                    attendance.record_departure(invitee, by=self.by, at=start + timedelta(minutes=60 + 7 * place))
        clock.shift(timedelta(hours=7))
        if end is attendance.close and not one & 31:  # nobody came
            planning.note_not_held(sitting, reason="Neige", by=self.by)
        else:
            end(sitting, by=self.by)

    def hold_group(self, clock, one, two):
        self.hold(clock, one, two, self.group)

    def hold_steering(self, clock, one, two):
        self.hold(clock, one, two, self.steering)

    def no_quorum(self, clock, one, two):
        self.hold(clock, one, two, end=end_for_want_of_quorum)

    def held(self, one):
        rows = list(Sitting.objects.filter(term=self.term, state="closed").order_by("pk"))
        return rows[one % len(rows)] if rows else None

    def add(self, clock, one, two):
        """Enter the attendance from the sheet, in the evening of the sitting or days after it."""
        clock.shift(timedelta(hours=12))
        if sitting := self.held(one):
            came = Attendance.objects.filter(voided_at=None).values("invitee")
            absent = Invitee.objects.filter(sitting=sitting).exclude(pk__in=came).order_by("pk")
            if invitee := absent.select_related("sitting").first():
                start = sitting.starts_at
                attendance.add_stay(
                    invitee,
                    arrived_at=start,
                    left_at=start + timedelta(minutes=31 + two),
                    mode="room",
                    via=Via.PAPER,
                    by=self.by,
                )

    def stay(self, one):
        rows = list(Attendance.objects.filter(voided_at=None, invitee__sitting__state="closed").order_by("pk"))
        return rows[one % len(rows)] if rows else None

    def correct(self, clock, one, two):
        clock.shift(timedelta(hours=12))  # in the evening: hours to come are refused
        if stay := self.stay(one):
            attendance.correct(
                stay,
                arrived_at=stay.arrived_at,
                left_at=stay.arrived_at + timedelta(minutes=11 + two),
                mode="room",
                by=self.by,
            )

    def void(self, clock, one, two):
        if stay := self.stay(one):
            attendance.void_stay(stay, by=self.by)

    def batch(self, clock, one, two):
        self.number += 1
        ExpenseBatch.objects.create(
            term=self.term,
            reference=f"AC2-LR-2026-{self.number:02}",
            made_at=timezone.now(),
            made_by=self.by,
            count=1 + one,
            total=Decimal(two) + Decimal("0.37"),
        )

    def answer(self, clock, one, two):
        answered_by(self.people, "published", value=list(AnswerValue)[one % 6])

    def revise(self, clock, one, two):
        """Enter another value for a case that has one; the former version stays."""
        rows = list(Answer.objects.standing().order_by("pk"))
        if rows:
            last = rows[one % len(rows)]
            value = list(AnswerValue)[two % 6]
            Answer.objects.create(
                case=last.case,
                number=last.number + 1,
                is_sent=True,
                source=last.source,
                decided_on=last.decided_on,
                decided_by=last.decided_by,
                published_at=timezone.now(),
                published_by=self.by,
                **said(value),
            )

    def ask(self, clock, one, two):
        """Record a request of a directorate, received on paper on a past day."""
        day = timezone.localdate() - timedelta(days=two)
        SupportRequestFactory(assembly=self.term.assembly, state="in_progress", advice="Écoutez.", received_on=day)

    def deliver(self, clock, one, two):
        rows = list(SupportRequest.objects.filter(state="in_progress").order_by("pk"))
        if rows:
            registers["support"].workflow.transition(rows[one % len(rows)], "deliver", by=self.by)

    def withdraw(self, clock, one, two):
        """Let somebody leave on a past day: stored values do not change."""
        row = self.mandates[one % 5]
        Mandate.objects.filter(pk=row.pk, state="active").update(
            state="ended", ended_on=timezone.localdate() - timedelta(days=two), end_reason="moved"
        )


# The oracle


def midnight_after(day):
    return datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)


def as_known(rows, end):
    return [
        row
        for row in rows
        if row.recorded_at < end and (row.voided_at is None or row.voided_at >= end) and row.left_at is not None
    ]


def oracle(term, day):
    """Return every stored value of the whole and of its cells, counted by hand."""
    end = midnight_after(day)
    sittings = [
        row
        for row in Sitting.objects.filter(term=term).select_related("committee")
        if row.state in ("closed", "minuted", "archived") and row.closed_at < end
    ]
    citizens = [row for row in sittings if row.committee is None or row.committee.kind != "steering"]
    came = defaultdict(list)
    for stay in as_known(Attendance.objects.select_related("invitee"), end):
        came[stay.invitee_id].append(stay)
    expected, present, hours = 0, 0, Decimal(0)
    by_sitting = {}
    for sitting in citizens:
        asked = [row for row in Invitee.objects.filter(sitting=sitting) if row.is_member]
        here = [row for row in asked if came[row.pk]]
        by_sitting[str(sitting.pk)] = (len(here), len(asked))
        expected, present = expected + len(asked), present + len(here)
        for row in asked:
            for stay in came[row.pk]:
                hours += Decimal((stay.left_at - stay.arrived_at).total_seconds()) / 3600
    asked = list(SupportRequest.objects.all())
    values = {}
    for row in sorted(Answer.objects.all(), key=lambda row: row.number):
        if row.published_at and row.published_at < end:
            values[row.case_id] = row.value
    plenaries = [row for row in sittings if row.kind == "plenary"]
    return {
        ("plenieres", "", ""): Decimal(len(plenaries)),
        ("reunions", "", ""): Decimal(len(sittings) - len(plenaries)),
        ("assiduite", "", ""): None if not expected else Decimal(present * 100) / expected,
        ("heures-de-travail", "", ""): hours,
        ("frais-rembourses", "", ""): sum(
            (row.total for row in ExpenseBatch.objects.all() if row.made_at < end), Decimal(0)
        ),
        ("reponses-publiees", "", ""): Decimal(len(values)),
        ("appuis-demandes", "", ""): Decimal(sum(row.created_at < end for row in asked)),
        ("appuis-rendus", "", ""): Decimal(sum(bool(row.delivered_at) and row.delivered_at < end for row in asked)),
        **{
            ("reponses-publiees", "reponse", value): Decimal(list(values.values()).count(value))
            for value in AnswerValue.values
        },
        **{("assiduite", "seance", pk): Decimal(here * 100) / asked for pk, (here, asked) in by_sitting.items()},
    }


def told(term, day):
    rows = IndicatorValue.objects.filter(term=term, day=day)
    return {(row.key, row.breakdown, row.cell): row.value for row in rows}


def check(story, history):
    last = FIRST + timedelta(days=DAYS)
    written = {}
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        for _day, act, one, two in (each for each in history if each[0] == number):
            story.play(day, act, one, two)
        with time_machine.travel(datetime.combine(day + timedelta(days=1), time(2, 15), PARIS), tick=False):
            nightly.count_day(story.term, day, is_included=lambda one: one.is_recomputable)
            written[day] = oracle(story.term, day)
    with time_machine.travel(datetime.combine(last, time(12), PARIS), tick=False):
        for day, by_hand in written.items():
            night = told(story.term, day)
            for place, value in by_hand.items():
                assert night[place] == (None if value is None else value.quantize(Decimal("0.0001"))), (day, place)
            assert oracle(story.term, day) == by_hand, day
            assert nightly.differences(story.term, day) == [], day


def test_what_is_kept_is_declared_so():
    assert {one.key for one in indicators() if one.is_recomputable} == KEPT


@pytest.mark.django_db
def test_every_past_day_is_counted_again_as_its_night_counted_it():
    story = Story(People())

    @SHORT
    @given(HISTORIES)
    def histories(history):
        with rolled_back():
            check(story, history)

    histories()


@pytest.mark.long
@pytest.mark.django_db
def test_longer_histories():
    story = Story(People())

    @LONG
    @given(HISTORIES)
    def histories(history):
        with rolled_back():
            check(story, history)

    histories()


@pytest.mark.django_db
def test_a_departure_noted_late_shows_why_seats_are_no_promise():
    """The night said five; counted again, the past day says four: the page says so, and the night stays."""
    story = Story(People())
    day = date(2026, 3, 5)
    with time_machine.travel("2026-03-06T02:15:00+01:00", tick=False):
        nightly.count_day(story.term, day)
    row = story.mandates[0]
    Mandate.objects.filter(pk=row.pk).update(state="ended", ended_on=date(2026, 3, 4), end_reason="moved")
    from assembly.indicators.counting import counts_of
    from assembly.indicators.registry import indicator

    seats = indicator("sieges-pourvus")
    assert not seats.is_recomputable
    assert IndicatorValue.objects.whole().get(key="sieges-pourvus").numerator == 5
    assert counts_of(seats, story.term, day)[0].numerator == 4
