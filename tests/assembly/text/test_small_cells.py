"""What is hidden of a table cannot be computed again by whoever knows the total and the rule."""

import random
from collections import defaultdict
from itertools import product

import pytest

from assembly.text.small_cells import FEW, hidden_cells


def shown(table):
    hidden = hidden_cells(table)
    return tuple(None if place in hidden else number for place, number in enumerate(table))


@pytest.mark.parametrize(("cells", "most"), [(2, 24), (3, 16), (4, 13), (5, 8)])
def test_each_hidden_cell_may_hold_two_numbers_or_more(cells, most):
    """Every table there is, by what the public reads of it: an attacker who knows the rule still has to guess."""
    by_view = defaultdict(list)
    for table in product(range(most + 1), repeat=cells):
        by_view[sum(table), shown(table)].append(table)
    for (total, view), tables in by_view.items():
        if total > most:  # larger numbers, which are not listed here, could stand in these
            continue
        for place, number in enumerate(view):
            if number is None:
                assert len({table[place] for table in tables}) > 1, (total, view, tables)


def test_random_tables_keep_small_cells_and_what_they_hide_together():
    chance = random.Random(16)
    for _ in range(3000):
        table = [chance.choice([0, 1, 2, 3, 4, 5, 7, 40]) for _ in range(chance.randint(2, 30))]
        hidden = hidden_cells(table)
        assert {place for place, number in enumerate(table) if 0 < number < FEW} <= hidden
        together = sum(table) - sum(number for number in shown(table) if number)
        assert together == sum(table[place] for place in hidden)
        assert not hidden or len(hidden) > 1
        if hidden and len(hidden) < len(table):
            assert together >= FEW
            assert together > len(hidden)


def test_a_table_without_small_numbers_is_whole():
    assert hidden_cells([54, 54, 0]) == set()
    assert hidden_cells([]) == set()


def test_a_lone_small_number_takes_the_next_with_it():
    assert hidden_cells([480, 579, 1, 0]) == {0, 2}
