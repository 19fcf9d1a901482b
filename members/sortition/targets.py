"""Fairest chances that quotas and households allow: the leximin point of the linear relaxation.

Maximise the smallest chance, fix it for those who cannot have more, then the next smallest, and so on. No draw can be
fairer: panels are points of the relaxation, so their averages are too. The point is unique: it depends neither on the
machine nor on a seed.
"""

import math
from collections.abc import Callable
from itertools import product

import numpy as np

from members.sortition.solver import CancelCheck, Floats, Integers, Programme, Rows, Undecided

# The interior-point method finds everybody whose chance is settled at once; the simplex method one at least, always.
METHODS = ({"solver": "ipx", "run_crossover": "off", "presolve": "off"}, {"solver": "simplex"})
# A fixed chance may give way by this much, and by more where rounding leaves the solver no room.
SLACKS = (1e-9, 1e-8, 1e-7, 1e-6)
# The duals of one level sum up to 1. A person missed here is found at the same level by the next programme.
SMALLEST_DUAL = 1e-4


class CeilingTooLow(Exception):
    """No draw respects this ceiling. `lowest`: the least ceiling that costs the smallest chance nothing."""

    def __init__(self, lowest: float) -> None:
        self.lowest = lowest
        percent = f"{math.ceil(lowest * 1000 - 1e-6) / 10:.1f}".replace(".", ",")
        super().__init__(
            f"Plafond trop bas : aucun tirage ne le respecte. Sans rien perdre, il peut être {percent} %."
        )


def leximin(
    rows: Rows,
    lower: Floats,
    upper: Floats,
    *,
    cancelled: CancelCheck,
    tick: Callable[[float], None] = lambda share: None,
) -> Floats:
    """Return the chances between these bounds, in the order of the volunteers; equal bounds leave no choice."""
    floor, free = lower.copy(), lower < upper
    size = max(int(free.sum()), 1)
    while free.any():
        level, tight = best_level(rows, floor, upper, np.flatnonzero(free), cancelled)
        floor[tight], free[tight] = level, False
        tick(1 - float(free.sum()) / size)
    return consistent(rows, floor, upper, cancelled)


def best_level(
    rows: Rows, floor: Floats, upper: Floats, free: Integers, cancelled: CancelCheck
) -> tuple[float, Integers]:
    """Return the best smallest chance of those who are free, and those of them for whom it is also the best."""
    wide, cost = with_shared_variable(rows, free, len(floor), at_least=True)
    for method, slack in product(METHODS, SLACKS):
        lower = np.append(np.maximum(floor - slack, 0), 0)
        programme = Programme(wide, -cost, lower, np.append(upper, 1), cancelled, options=method)
        try:
            solved = programme.solve()
        except Undecided:
            continue
        if solved:
            duals = np.abs(programme.duals[-len(free) :])
            return float(programme.x[-1]), free[duals >= min(SMALLEST_DUAL, duals.max())]
    raise Undecided("Le solveur n’a pas trouvé les chances de chacun.")


def with_shared_variable(rows: Rows, which: Integers, size: int, *, at_least: bool) -> tuple[Rows, Floats]:
    """Return rows with a variable that none of these may be below (or above), and the cost of it alone."""
    row, one = np.arange(len(which)), np.ones(len(which))
    entries = np.concatenate([row, row]), np.concatenate([which, np.full(len(which), size)]), np.append(one, -one)
    least, most = (0 * one, np.inf * one) if at_least else (-np.inf * one, 0 * one)
    return rows.and_rows(entries, least, most), np.append(np.zeros(size), 1.0)


def consistent(rows: Rows, floor: Floats, upper: Floats, cancelled: CancelCheck) -> Floats:
    """Return a vertex of the relaxation that gives everybody the floor: the levels without their rounding."""
    for slack in SLACKS:
        programme = Programme(rows, np.zeros(len(floor)), np.maximum(floor - slack, 0), upper, cancelled)
        if programme.solve():
            return np.clip(programme.x, 0, 1)
    raise Undecided("Le solveur n’a pas trouvé les chances de chacun.")


def check_ceiling(rows: Rows, lower: Floats, upper: Floats, ceiling: float, cancelled: CancelCheck) -> None:
    """Raise CeilingTooLow where the bounds with this ceiling leave nothing."""
    size, everybody = len(lower), np.flatnonzero(upper > 0)
    capped = Programme(rows, np.zeros(size), lower, np.minimum(upper, ceiling), cancelled)
    if lower.max() <= ceiling and capped.solve():
        return
    wide, cost = with_shared_variable(rows, everybody, size, at_least=True)
    smallest = Programme(wide, -cost, np.append(lower, 0), np.append(upper, 1), cancelled)
    smallest.solve()
    least = np.where(upper > 0, np.maximum(lower, smallest.x[-1] - SLACKS[0]), 0)
    wide, cost = with_shared_variable(rows, everybody, size, at_least=False)
    lowest = Programme(wide, cost, np.append(least, 0), np.append(upper, 1), cancelled)
    lowest.solve()
    raise CeilingTooLow(float(lowest.x[-1]))
