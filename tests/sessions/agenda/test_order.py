from datetime import UTC, datetime

import pytest

from sessions.agenda.rules import LineTiming, OrderedLine, clock, item_numbers, moved, tidied

LINES = [OrderedLine(1, 0), OrderedLine(2, 0), OrderedLine(3, 1), OrderedLine(4, 1), OrderedLine(5, 0)]
NINE = datetime(2026, 3, 28, 8, 0, tzinfo=UTC)


def shape(lines):
    return [(line.pk, line.depth) for line in lines]


@pytest.mark.parametrize(
    ("pk", "direction", "expected"),
    [
        (2, "up", [(2, 0), (3, 1), (4, 1), (1, 0), (5, 0)]),
        (1, "down", [(2, 0), (3, 1), (4, 1), (1, 0), (5, 0)]),
        (5, "up", [(1, 0), (5, 0), (2, 0), (3, 1), (4, 1)]),
        (2, "down", [(1, 0), (5, 0), (2, 0), (3, 1), (4, 1)]),
        (4, "up", [(1, 0), (2, 0), (4, 1), (3, 1), (5, 0)]),
        (3, "down", [(1, 0), (2, 0), (4, 1), (3, 1), (5, 0)]),
        (5, "in", [(1, 0), (2, 0), (3, 1), (4, 1), (5, 1)]),
        (4, "out", [(1, 0), (2, 0), (3, 1), (4, 0), (5, 0)]),
    ],
)
def test_a_step_takes_the_sub_items_along(pk, direction, expected):
    assert shape(moved(LINES, pk, direction)) == expected


@pytest.mark.parametrize(
    ("pk", "direction"), [(1, "up"), (5, "down"), (3, "up"), (4, "down"), (1, "in"), (2, "in"), (1, "out"), (99, "up")]
)
def test_an_impossible_step_changes_nothing(pk, direction):
    assert moved(LINES, pk, direction) == LINES


def test_an_unknown_direction_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="sideways"):
        moved(LINES, 1, "sideways")


def test_numbers_and_levels():
    assert item_numbers(LINES) == {1: "1", 2: "2", 3: "2.1", 4: "2.2", 5: "3"}
    assert shape(tidied([OrderedLine(1, 1), OrderedLine(2, 5)])) == [(1, 0), (2, 1)]


def test_the_clock_runs_through_sub_items_and_waits_for_the_pause():
    noon, two = datetime(2026, 3, 28, 11, tzinfo=UTC), datetime(2026, 3, 28, 13, tzinfo=UTC)
    timed = [
        LineTiming(1, 0, 30),
        LineTiming(2, 0, 99),
        LineTiming(3, 1, 20),
        LineTiming(4, 1, 40),
        LineTiming(5, 0, 5, True),
        LineTiming(6, 0, 15),
    ]
    slots = clock(timed, NINE, (noon, two))
    assert {pk: (slot.starts_at.strftime("%H:%M"), slot.minutes) for pk, slot in slots.items()} == {
        1: ("08:00", 30),
        2: ("08:30", 60),
        3: ("08:30", 20),
        4: ("08:50", 40),
        5: ("11:00", 120),
        6: ("13:00", 15),
    }


def test_a_break_after_the_planned_pause_keeps_its_own_length():
    """Five hours from nine, one hour of pause within: the break comes at three."""
    slots = clock(
        [LineTiming(1, 0, 300), LineTiming(2, 0, 10, True)], NINE, (NINE.replace(hour=11), NINE.replace(hour=12))
    )
    assert (slots[2].starts_at.hour, slots[2].minutes) == (14, 10)
