"""Tiny instances, all of whose panels can be listed: the engine reaches what they allow, and says what is missing."""

import itertools

import highspy
import numpy as np
import pytest

from members.sortition import columns, feasibility
from members.sortition.feasibility import Infeasible, examine
from members.sortition.portfolio import compute
from members.sortition.solver import Undecided
from tests.members.sortition.pools import small_instance, tiny_instance


def every_panel(instance) -> list[tuple[str, ...]]:
    """Return all panels by enumeration, without the engine."""
    found = []
    for people in itertools.combinations(instance.volunteers, instance.seats):
        homes = {one.household for one in people}
        good = len(homes) == len(people)
        for line in instance.quotas:
            at = instance.features.index(line.feature)
            good = good and line.minimum <= sum(one.values[at] == line.value for one in people) <= line.maximum
        if good:
            found.append(tuple(one.id for one in people))
    return found


def maximum(cost, matrix, lower):
    """Return the best weights with sum 1, then level from 0 to 1, with `matrix @ x >= lower`."""
    highs = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1}.items():
        highs.setOptionValue(name, value)
    matrix = np.vstack([matrix, np.append(np.ones(matrix.shape[1] - 1), 0)])
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = -cost, np.zeros(len(cost)), np.ones(len(cost))
    model.row_lower_, model.row_upper_ = np.append(lower, 1), np.append(np.full(len(lower), np.inf), 1)
    row, column = np.nonzero(matrix)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(row, np.arange(len(matrix) + 1)).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = column.astype(np.int32), matrix[row, column]
    highs.passModel(model)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.array(highs.getSolution().col_value)


def fairest_chances(seats):
    """Compute leximin: for each person, whether a chance above the level exists; all panels known."""
    floor, free = np.zeros(len(seats)), np.ones(len(seats), dtype=bool)
    while free.any():
        matrix = np.hstack([seats, -free[:, None].astype(float)])
        level = maximum(np.append(np.zeros(seats.shape[1]), 1), matrix, np.where(free, 0, floor - 1e-9))[-1]
        settled = []
        for person in np.flatnonzero(free):
            least = np.where(free, level, floor) - 1e-9
            weights = maximum(np.append(seats[person], 0), np.hstack([seats, np.zeros((len(seats), 1))]), least)[:-1]
            settled += [person] if seats[person] @ weights < level + 1e-6 else []
        floor[settled], free[settled] = level, False
    return floor


def check(seeds, count):
    met = {"infeasible": 0, "exact": 0, "gaps": 0}
    for seed in seeds:
        instance = tiny_instance(seed)
        panels = every_panel(instance)
        if not panels:
            with pytest.raises(Infeasible):
                compute(instance)
            met["infeasible"] += 1
            continue
        seats = np.array([[one.id in panel for panel in panels] for one in instance.volunteers], dtype=float)
        best = fairest_chances(seats)
        portfolio = compute(instance)
        told = portfolio.certificate
        assert {lot.members for lot in portfolio.lots} <= set(panels), seed
        assert told.reached.minimum == pytest.approx(best.min(), abs=1e-5), seed
        assert told.reached.maximum == pytest.approx(best.max(), abs=1e-4), seed
        assert told.bound.minimum >= best.min() - 1e-6, seed
        assert told.gap == pytest.approx(told.bound.minimum - best.min(), abs=1e-5), seed
        ids = np.array([one.id for one in instance.volunteers])
        alone = set(ids[seats.min(axis=1) == 1]), set(ids[seats.max(axis=1) == 0])
        assert (set(told.forced), set(told.excluded)) == alone, seed
        seen = examine(instance)
        assert (set(seen.forced), set(seen.excluded)) == alone, seed
        assert told.exact != ("ne permettent pas d’atteindre la borne" in told.sentence), seed
        exact = np.array([portfolio.chances[one] for one in ids]) / 10_000
        assert np.abs(exact - best).max() < 0.002, seed
        met["exact" if told.exact else "gaps"] += 1
    count(**met)
    return met


def test_the_engine_reaches_what_panels_allow(count):
    """The last five are known for gaps: panels there allow less than the relaxation promises."""
    met = check([*range(50), 226, 562, 580, 810, 1194], count)
    assert met["exact"] > 15
    assert met["gaps"] == 5


@pytest.mark.long
def test_the_engine_reaches_what_panels_allow_in_hundreds_of_instances(count):
    met = check(range(1000, 2000), count)
    assert met["exact"] > 300
    assert met["gaps"] > 10


def test_a_search_that_is_given_up_states_what_it_reached(monkeypatch):
    monkeypatch.setattr(columns, "MOST_WORK", 0)
    instance = tiny_instance(580)
    panels = every_panel(instance)
    portfolio = compute(instance)
    assert {lot.members for lot in portfolio.lots} <= set(panels)
    told = portfolio.certificate
    chances = sorted(portfolio.chances.values())
    assert not told.exact
    assert told.reached.minimum == pytest.approx(chances[0] / 10_000, abs=1e-4)
    assert told.gap == pytest.approx(told.bound.minimum - told.reached.minimum)


def test_a_solver_that_gives_up_says_so(monkeypatch):
    monkeypatch.setattr(feasibility, "MOST_NODES_OF_PROOF", 0)
    with pytest.raises(Undecided, match="Le solveur n’a pas conclu"):
        compute(small_instance())
