"""Fairest weights over true panels, where the relaxation has points that are no average of panels.

Column generation: a linear programme weighs the known panels, an integer programme finds the panel with the largest
value by its duals, until none improves it. First the largest shortfall from the targets is minimised: where it is
zero, the relaxation's point is reached after all. Otherwise leximin is applied once more, over panels.
"""

from dataclasses import dataclass, field

import numpy as np

from members.sortition.decomposition import Members, WeightedPanels
from members.sortition.solver import EXACT, CancelCheck, Entries, Floats, Programme, Rows, Undecided

IMPROVES = 1e-7
SMALLEST_DUAL = 1e-6
SLACK = 1e-7
# Limit in nodes of the branch and bound, and how many each search counts for: minutes in all. Beyond it the best
# weights so far are used, and their gap is stated.
MOST_WORK, PRICING = 100_000, 20


class WorkUsedUp(Exception):
    """The limit of work ended the search for better panels."""


@dataclass(frozen=True)
class Chances:
    """Bound on everybody's chance + `share` * level; on nobody's where it is empty."""

    share: Floats
    bound: Floats


NO_BOUND = Chances(np.zeros(0), np.zeros(0))


@dataclass
class PanelMaster:
    """Known panels, and programmes over their weights and one more variable, the `level`."""

    rows: Rows
    panels: Members
    cancelled: CancelCheck
    weights: Floats = field(default_factory=lambda: np.zeros(0))
    work: int = 0

    def optimise(self, cost: float, at_least: Chances, at_most: Chances) -> tuple[float, Floats]:
        """Minimise `cost * level` over all panels; return the level and the duals of `at_least`. Raise WorkUsedUp."""
        size = len(at_least.bound)
        while True:
            level, duals = self.weigh(cost, at_least, at_most)
            worth = duals[:size] + (duals[size:-1] if len(at_most.bound) else 0)
            panel = self.best_panel(worth)
            if worth @ panel + duals[-1] <= IMPROVES or (self.panels == panel).all(axis=1).any():
                return level, duals[:size]
            self.panels = np.vstack([self.panels, panel])

    def weigh(self, cost: float, at_least: Chances, at_most: Chances) -> tuple[float, Floats]:
        """Solve the programme over the known panels; the last dual is that of the sum of the weights, which is one."""
        many = len(self.panels)
        lower = np.concatenate([at_least.bound, np.full(len(at_most.bound), -np.inf), [1.0]])
        upper = np.concatenate([np.full(len(at_least.bound), np.inf), at_most.bound, [1.0]])
        last = np.full(many, len(lower) - 1), np.arange(many), np.ones(many)
        blocks = [self.entries(at_least, 0), self.entries(at_most, len(at_least.bound)), last]
        row, column, value = (np.concatenate(part) for part in zip(*blocks, strict=True))
        costs, floor = np.append(np.zeros(many), cost), np.append(np.zeros(many), -1.0)
        rows = Rows(row, column, value, lower, upper)
        programme = Programme(rows, costs, floor, np.ones(many + 1), self.cancelled, options={"solver": "simplex"})
        if not programme.solve():
            raise WorkUsedUp
        self.weights = np.clip(programme.x[:-1], 0, 1)
        return float(programme.x[-1]), programme.duals

    def entries(self, chances: Chances, first: int) -> Entries:
        """Return the entries from row `first` on: everybody's chance by the weights, and the share of the level."""
        many, size = len(self.panels), len(chances.bound)
        column, row = np.nonzero(self.panels[:, :size])
        rows = np.concatenate([row, np.arange(size)]) + first
        columns = np.concatenate([column, np.full(size, many)])
        return rows, columns, np.concatenate([np.ones(len(row)), chances.share])

    def best_panel(self, worth: Floats) -> Members:
        """Return the panel whose members have the largest total worth."""
        if self.work >= MOST_WORK:
            raise WorkUsedUp
        options = {"mip_rel_gap": 0.0, "mip_abs_gap": IMPROVES / 10}
        bounds = np.zeros(len(worth)), np.ones(len(worth))
        programme = Programme(self.rows, -worth, *bounds, self.cancelled, integer=True, options=options)
        try:
            programme.solve()
        except Undecided:
            raise WorkUsedUp from None
        self.work += PRICING + programme.nodes
        return programme.x > 0.5


def fairest(
    rows: Rows, target: Floats, panels: Members, *, ceiling: float | None, cancelled: CancelCheck
) -> WeightedPanels:
    """Return weights over these panels and others, as near to the targets as panels allow."""
    master, one = PanelMaster(rows, panels, cancelled), np.ones(len(target))
    try:
        shortfall, _ = master.optimise(1.0, Chances(one, target), NO_BOUND)
        if shortfall > EXACT:
            at_most = NO_BOUND
            if ceiling is not None:
                excess, _ = master.optimise(1.0, Chances(0 * one, 0 * one), Chances(-one, ceiling * one))
                at_most = Chances(0 * one, (ceiling + max(excess, 0.0) + EXACT) * one)
            leximin_over_panels(master, at_most)
    except WorkUsedUp:
        pass  # The weights are those of the last programme solved.
    has_weight = master.weights > 0
    return WeightedPanels(master.panels[has_weight], master.weights[has_weight], 0.0)


def leximin_over_panels(master: PanelMaster, at_most: Chances) -> None:
    """Apply leximin over panels, as `targets.leximin`: the weights of the last level are the result."""
    size = master.panels.shape[1]
    floor, free = np.zeros(size), np.ones(size, dtype=bool)
    while free.any():
        at_least = Chances(-free.astype(float), floor - SLACK * ~free)
        level, duals = master.optimise(-1.0, at_least, at_most)
        tight = free & (duals >= min(SMALLEST_DUAL, duals[free].max()))
        floor[tight], free[tight] = level, False
