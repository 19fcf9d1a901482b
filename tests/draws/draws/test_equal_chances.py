"""Everybody of a small list has the same chance, within the rule that was announced: against every panel, by hand."""

from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings, strategies as st

from draws.draws.queries.draw import internal_quotas
from members.sortition.feasibility import Infeasible
from members.sortition.portfolio import compute
from members.sortition.reading import InvalidInput, read_instance


def panels_by_hand(letters, seats, is_parity):
    """Return every set of people that the rule admits, found by enumeration."""
    everybody = range(len(letters))
    if not is_parity:
        return [set(found) for found in combinations(everybody, seats)]
    return [
        set(found)
        for found in combinations(everybody, seats)
        if abs(sum(letters[one] == "F" for one in found) - sum(letters[one] == "H" for one in found)) <= 1
    ]


def chances_by_hand(letters, panels, seats):
    """Return the most equal chances: one for women, one for men, as near to `seats / n` as panels allow."""
    women = [sum(letters[one] == "F" for one in panel) for panel in panels]
    n, f = len(letters), letters.count("F")
    on_average = min(max(Fraction(seats * f, n), min(women)), max(women))
    told = {}
    for one, letter in enumerate(letters):
        told[one] = on_average / f if letter == "F" else (seats - on_average) / (n - f)
    return told


def published(letters, seats, is_parity):
    """Return (tickets, people) of each lot in `lots.csv` of such a list."""
    feature = "sexe" if is_parity else "assemblee"
    rows = [f"V{one:04},{letter if is_parity else 'membre'}" for one, letter in enumerate(letters)]
    pool = "\n".join([f"id,{feature}", *rows, ""]).encode()
    lots = compute(read_instance(pool, internal_quotas(seats, is_parity=is_parity), seats)).lots_csv.decode()
    found = []
    for line in lots.splitlines()[1:]:
        _number, first, last, people = line.split(",")
        found.append((int(last) - int(first) + 1, {int(one[1:]) for one in people.split()}))
    return found


def check(letters, seats, is_parity):
    panels = panels_by_hand(letters, seats, is_parity)
    lots = published(letters, seats, is_parity)
    assert sum(tickets for tickets, _people in lots) == 10_000
    assert all(people in panels for _tickets, people in lots)
    held = Counter()
    for tickets, people in lots:
        held.update(dict.fromkeys(people, tickets))
    for one, chance in chances_by_hand(letters, panels, seats).items():
        assert abs(held[one] - chance * 10_000) < 2, (letters, seats, is_parity)


@pytest.mark.parametrize("is_parity", [True, False])
@pytest.mark.parametrize("seats", [1, 2, 3, 4])
def test_every_list_of_up_to_six_people(seats, is_parity):
    tried = 0
    for n in range(seats, 7):
        for women in range(n + 1):
            letters = "F" * women + "H" * (n - women)
            if panels_by_hand(letters, seats, is_parity):
                check(letters, seats, is_parity)
                tried += 1
    assert tried >= 6


@settings(max_examples=60, deadline=None)
@given(st.text("FH", min_size=2, max_size=11), st.integers(1, 6), st.booleans())
def test_lists_of_any_order(letters, seats, is_parity):
    assume(panels_by_hand(letters, seats, is_parity))
    check(letters, seats, is_parity)


@pytest.mark.parametrize(("letters", "seats"), [("FF", 2), ("FHH", 4), ("HHH", 2), ("F", 3)])
def test_what_no_panel_can_hold_is_refused(letters, seats):
    assert panels_by_hand(letters, seats, True) == []
    with pytest.raises((Infeasible, InvalidInput)):
        published(letters, seats, True)
