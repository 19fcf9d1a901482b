"""Hours of a sitting that passes midnight, or that begins in the morning."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from assembly.institution.models import Term
from sessions.agenda.forms import HoursForm
from sessions.attendance.forms import StayForm
from sessions.decisions.forms import CountForm
from sessions.models import AgendaItem, Ballot, Sitting
from sessions.sittings.rules import day_of, is_during


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


def test_the_forms_of_stays_and_points_take_hours_after_midnight():
    evening = paris(26, 18)
    stay = StayForm({"arrived": "23:30", "left": "00:40", "mode": "room"}, starts_at=evening, running=False)
    assert stay.is_valid()
    assert (stay.values()["arrived_at"], stay.values()["left_at"]) == (paris(26, 23, 30), paris(27, 0, 40))
    point = HoursForm({"opened": "23:50", "closed": "00:20"}, starts_at=evening)
    assert point.is_valid()
    assert (point.cleaned_data["opened_at"], point.cleaned_data["closed_at"]) == (paris(26, 23, 50), paris(27, 0, 20))


def test_a_vote_after_midnight_is_counted_in_the_night_of_the_sitting():
    sitting = Sitting(starts_at=paris(26, 18), closed_at=paris(27, 1, 30), term=Term())
    form = CountForm(ballot=Ballot(agenda_item=AgendaItem(sitting=sitting)))
    assert form.moment(time(0, 40)).replace(second=0, microsecond=0) == paris(27, 0, 40)
