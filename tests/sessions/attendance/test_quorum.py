from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from sessions.attendance.rules import Quorum, Stay, changes, present_among, present_in, required

T = datetime(2026, 3, 28, 8, 30, tzinfo=UTC)


def at(minutes):
    return T + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("seats", "rule", "percent", "needed"),
    [
        (106, "half", 50, 53),
        (107, "half", 50, 54),
        (108, "half", 1, 54),
        (108, "percent", 60, 65),
        (100, "percent", 33, 33),
        (101, "percent", 33, 34),
        (1, "half", 50, 1),
        (0, "half", 50, 0),
        (108, "none", 50, None),
    ],
)
def test_how_many_are_needed(seats, rule, percent, needed):
    assert required(seats, rule, percent) == needed


@given(seats=st.integers(0, 500), percent=st.integers(1, 100))
def test_the_number_needed_is_the_smallest_that_meets_the_rule(seats, percent):
    needed = required(seats, "percent", percent)
    assert needed * 100 >= seats * percent
    assert needed == 0 or (needed - 1) * 100 < seats * percent


def test_an_unknown_rule_is_refused():
    with pytest.raises(ValueError, match="third"):
        required(108, "third")


def test_an_arrival_counts_at_once_and_a_departure_no_longer():
    stays = [Stay(1, at(0), at(60)), Stay(2, at(30))]
    assert present_among(stays, at(0)) == {1}
    assert present_among(stays, at(59)) == {1, 2}
    assert present_among(stays, at(60)) == {2}
    assert present_among(stays, at(-1)) == set()


def test_the_curve_holds_only_changes():
    stays = [Stay(1, at(0), at(60)), Stay(2, at(0)), Stay(3, at(60))]
    assert changes(stays) == [(at(0), 2)]
    assert changes([]) == []
    assert changes([Stay(1, at(0), at(5))]) == [(at(0), 1), (at(5), 0)]


def test_presence_by_half_day():
    stays = [Stay(1, at(0), at(180)), Stay(2, at(180)), Stay(3, at(-30), at(0))]
    assert present_in(stays, at(0), at(180)) == {1}
    assert present_in(stays, at(180), at(300)) == {2}


def test_a_quorum_says_how_many_are_missing():
    assert (Quorum(50, 53).is_met, Quorum(50, 53).missing) == (False, 3)
    assert (Quorum(53, 53).is_met, Quorum(0, None).is_met, Quorum(0, None).missing) == (True, True, 0)
