"""The fairest weights over true panels, where the relaxation holds points that no panels average to.

Column generation: a linear programme weighs the panels known, an integer programme finds the panel that its duals miss
most, until none is missed. First the largest shortfall from the targets is made least: where it is nothing, the
relaxation's point is reached after all. Otherwise leximin once more, over panels.
"""

from dataclasses import dataclass, field

import numpy as np

from members.sortition.decomposition import Members, WeightedPanels
from members.sortition.solver import EXACT, CancelCheck, Entries, Floats, Programme, Rows, Undecided

IMPROVES = 1e-7
SMALLEST_DUAL = 1e-6
SLACK = 1e-7
# Nodes of the branch and bound, and so many for each search: minutes. Then the best so far is taken, its gap stated.
MOST_WORK, PRICING = 100_000, 20


class WorkUsedUp(Exception):
    """The search for better panels was given up."""


@dataclass(frozen=True)
class Chances:
    """A bound on everybody's chance + `share` * level; of nobody where it is empty."""

    share: Floats
    bound: Floats


NO_BOUND = Chances(np.zeros(0), np.zeros(0))


@dataclass
class PanelMaster:
    """The panels known, and programmes over their weights and one variable more, the `level`."""

    rows: Rows
    panels: Members
    cancelled: CancelCheck
    weights: Floats = field(default_factory=lambda: np.zeros(0))
    work: int = 0

    def optimise(self, cost: float, at_least: Chances, at_most: Chances) -> tuple[float, Floats]:
        """Least `cost * level` over all panels; the level and the duals of `at_least`. Raises WorkUsedUp."""
        size = len(at_least.bound)
        while True:
            level, duals = self.weigh(cost, at_least, at_most)
            worth = duals[:size] + (duals[size:-1] if len(at_most.bound) else 0)
            panel = self.best_panel(worth)
            if worth @ panel + duals[-1] <= IMPROVES or (self.panels == panel).all(axis=1).any():
                return level, duals[:size]
            self.panels = np.vstack([self.panels, panel])

    def weigh(self, cost: float, at_least: Chances, at_most: Chances) -> tuple[float, Floats]:
        """The same over the panels known; the last dual is that of the sum of the weights, which is one."""
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
        """Everybody's chance by the weights, and the share of the level, from this row on."""
        many, size = len(self.panels), len(chances.bound)
        column, row = np.nonzero(self.panels[:, :size])
        rows = np.concatenate([row, np.arange(size)]) + first
        columns = np.concatenate([column, np.full(size, many)])
        return rows, columns, np.concatenate([np.ones(len(row)), chances.share])

    def best_panel(self, worth: Floats) -> Members:
        """The panel whose members are worth most."""
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
    """Weights over these panels and others, as near to the targets as panels allow."""
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
        pass  # the weights are those of the last programme solved
    kept = master.weights > 0
    return WeightedPanels(master.panels[kept], master.weights[kept], 0.0)


def leximin_over_panels(master: PanelMaster, at_most: Chances) -> None:
    """As `targets.leximin`, over panels: the weights of the last level are those of all."""
    size = master.panels.shape[1]
    floor, free = np.zeros(size), np.ones(size, dtype=bool)
    while free.any():
        at_least = Chances(-free.astype(float), floor - SLACK * ~free)
        level, duals = master.optimise(-1.0, at_least, at_most)
        tight = free & (duals >= min(SMALLEST_DUAL, duals[free].max()))
        floor[tight], free[tight] = level, False
