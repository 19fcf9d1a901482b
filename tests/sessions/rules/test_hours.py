"""Hours of a sitting that passes midnight, or that begins in the morning."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from sessions.rules.hours import day_of, is_during


def paris(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("starts", "hour", "day"),
    [
        (paris(26, 18), time(17, 40), 26),
        (paris(26, 18), time(23, 59), 26),
        (paris(26, 18), time(0, 5), 27),
        (paris(26, 23, 5), time(0, 5), 27),
        (paris(26, 9), time(8, 30), 26),
        (paris(26, 9), time(0, 5), 26),
        (paris(26, 9), time(23, 0), 26),
    ],
)
def test_an_hour_falls_on_the_day_of_the_sitting_or_in_the_night_that_follows(starts, hour, day):
    assert day_of(hour, starts).day == day


def test_an_evening_goes_on_after_midnight_and_no_further():
    evening = paris(26, 18)
    assert is_during(paris(27, 0, 30), evening)
    assert not is_during(paris(27, 9), evening)
    assert not is_during(paris(25, 23), evening)
    assert not is_during(paris(27, 0, 30), paris(26, 9))
