"""Days and hours of the calendar: weeks over new year, the days of 23 and 25 hours, addresses that name no day."""

from datetime import UTC, date, datetime

import pytest

from assembly.calendar.grid import hours_on, week_label
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarItem
from assembly.calendar.rules import adjacent_days, day_named, days_of, weeks_of


@pytest.mark.parametrize(
    ("period", "day", "days"),
    [
        ("jour", date(2026, 12, 2), (date(2026, 12, 2), date(2026, 12, 2))),
        ("semaine", date(2027, 1, 1), (date(2026, 12, 28), date(2027, 1, 3))),
        ("semaine", date(2026, 11, 30), (date(2026, 11, 30), date(2026, 12, 6))),
        ("mois", date(2028, 2, 10), (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_a_period_has_these_days(period, day, days):
    assert days_of(period, day) == days
    before, after = adjacent_days(period, *days)
    assert days_of(period, before)[1] == before
    assert days_of(period, after)[0] == after


def test_a_month_is_shown_in_whole_weeks():
    assert weeks_of(date(2026, 12, 1), date(2026, 12, 31)) == [
        date(2026, 11, 30),
        date(2026, 12, 7),
        date(2026, 12, 14),
        date(2026, 12, 21),
        date(2026, 12, 28),
    ]
    assert week_label(date(2026, 11, 30), date(2026, 12, 6)).replace("\u00a0", " ") == "30 nov. – 6 déc."


@pytest.mark.parametrize(
    "text", ["", "0001-01-01", "1999-12-31", "9999-12-31", "2100-01-01", "2026-02-30", "20261130", "\x00", "²" * 10]
)
def test_what_is_no_day_of_this_century_is_none(text):
    assert day_named(text) is None


def item(starts, ends):
    return CalendarItem(CalendarKind.TRIP, "trip-1", "Visite", "/", starts, ends)


def hours(one, day):
    return hours_on(one, day, day, with_end=True).replace("\u00a0", " ")


def test_the_days_on_which_the_clock_changes_have_their_own_hours():
    short = item(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC))
    assert hours(short, date(2027, 3, 28)) == "1 h 30-3 h 30"
    long = item(datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
    assert (long.first_day, long.last_day) == (date(2026, 10, 25), date(2026, 10, 25))
    assert hours(long, date(2026, 10, 25)) == "0 h-0 h"


def test_what_lasts_several_days_says_so_on_each():
    trip = item(datetime(2026, 12, 8, 15, tzinfo=UTC), datetime(2026, 12, 10, 16, tzinfo=UTC))
    assert [hours(trip, date(2026, 12, day)) for day in (8, 9, 10)] == ["dès 16 h", "journée", "jusqu’à 17 h"]
