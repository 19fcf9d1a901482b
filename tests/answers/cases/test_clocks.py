"""The clock is of days in Paris: the clock change, the 29th of February, corrected handovers; and the sums."""

from datetime import UTC, date, datetime, timedelta
from statistics import median

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from answers.cases.queries import scoreboard
from answers.cases.rules import Clock, clock_of, due_day, redated
from answers.models import AnswerCase, AnswerCaseState
from assembly.institution.models import Term
from tests.factories.answers import AnswerCaseFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory

S = AnswerCaseState
UNDER_LOAD = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def file_of(opened_on, due_on, **facts):
    return AnswerCase(opened_on=opened_on, due_on=due_on, **facts)


@pytest.mark.parametrize(
    ("opened_on", "today", "told"),
    [
        (date(2028, 2, 28), date(2028, 3, 1), Clock(2, 178, 0, is_stopped=False)),  # over the 29th
        (date(2028, 2, 29), date(2028, 2, 29), Clock(0, 180, 0, is_stopped=False)),
        (date(2027, 2, 28), date(2027, 3, 1), Clock(1, 179, 0, is_stopped=False)),
        (date(2026, 3, 28), date(2026, 3, 30), Clock(2, 178, 0, is_stopped=False)),  # the short night
        (date(2026, 10, 24), date(2026, 10, 26), Clock(2, 178, 0, is_stopped=False)),  # the long one
        (date(2026, 1, 1), date(2026, 6, 30), Clock(180, 0, 0, is_stopped=False)),  # the last day is not late
        (date(2026, 1, 1), date(2026, 7, 1), Clock(181, 0, 1, is_stopped=False)),
    ],
)
def test_days_are_those_of_the_calendar(opened_on, today, told):
    due = due_day(opened_on, Term(answer_days=180))
    assert clock_of(file_of(opened_on, due), today) == told


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_the_day_begins_at_midnight_in_paris_on_both_nights(moment, day):
    """Due on the 28th of March, the 25th of October: late from the first minute of the next day there."""
    assert timezone.localdate(moment) == day
    assert clock_of(file_of(day, day), timezone.localdate(moment)).late == 0
    assert clock_of(file_of(day, day), timezone.localdate(moment) + timedelta(days=1)).late == 1


@UNDER_LOAD
@given(DAYS, st.integers(0, 700), st.integers(-5, 900), st.none() | st.integers(0, 900))
def test_the_three_numbers_tell_one_story(opened_on, allowed, later, answered_after):
    """Counted day by day, as on a calendar on the wall."""
    due, today = opened_on + timedelta(days=allowed), opened_on + timedelta(days=later)
    answered = None if answered_after is None else opened_on + timedelta(days=answered_after)
    told = clock_of(file_of(opened_on, due, answered_on=answered), today)
    end = answered or today
    assert opened_on + timedelta(days=told.since) == end
    assert told.is_stopped == (answered is not None)
    assert told.is_late == (end > due)
    if told.is_late:
        assert due + timedelta(days=told.late) == end
    assert told.left == (0 if told.is_stopped or end > due else (due - end).days)


@UNDER_LOAD
@given(DAYS, DAYS, st.integers(0, 400), st.booleans())
def test_a_corrected_handover_moves_the_day_unless_a_hand_chose_it(opened_on, on, allowed, by_hand):
    case = file_of(opened_on, opened_on + timedelta(days=allowed), due_reason="Accord." if by_hand else "")
    first, last = redated(case, on, Term(answer_days=180))
    assert first == on
    assert last == (max(case.due_on, on) if by_hand else on + timedelta(days=180))


@pytest.mark.django_db
def test_the_scoreboard_counts_as_the_readme_says(django_assert_num_queries):
    opinion, today = OpinionFactory(state="published"), timezone.localdate()
    assert scoreboard(AnswerCase.objects.all(), today).median_days is None
    taken, started = [301, 56, 56, 20], today - timedelta(days=400)
    for days in taken:
        answered_on = started + timedelta(days=days)
        row = RecommendationFactory(opinion=opinion, numbered=True)
        AnswerCaseFactory(recommendation=row, state=S.PUBLISHED, opened_on=started, answered_on=answered_on)
    revised = RecommendationFactory(opinion=opinion, numbered=True)
    AnswerCaseFactory(
        recommendation=revised, state=S.ASSIGNED, opened_on=started, answered_on=started + timedelta(days=10)
    )
    for state, since in ((S.AWAITING, 400), (S.ASSIGNED, 1), (S.CANCELLED, 400)):
        row = RecommendationFactory(opinion=opinion, numbered=True)
        AnswerCaseFactory(recommendation=row, state=state, opened_on=today - timedelta(days=since))
    with django_assert_num_queries(1):
        told = scoreboard(AnswerCase.objects.of_opinion(opinion), today)
    assert (told.asked, told.answered, told.late) == (7, 5, 1)
    assert told.median_days == median([*taken, 10])
    assert AnswerCase.objects.late(today).count() == 1
