"""Panels whose weighted average is a given point of the relaxation (Carathéodory).

In each round an integer programme finds a panel on the face of the rest, with the largest weight that leaves the rest
inside the relaxation. Where no panel is left on its face, `columns.py` goes on from the panels of this module.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from members.sortition.solver import CancelCheck, Floats, Programme, Rows, Undecided, noise

type Members = NDArray[np.bool_]

ROUNDING = 1e-8
NOTHING = 1e-7
GAP = 0.05
NOISE = 1e-3


@dataclass(frozen=True)
class WeightedPanels:
    """Panels with weights. `panels`: a row a panel, a column a volunteer. `left`: the weight that has no panel."""

    panels: Members
    weights: Floats
    left: float

    @property
    def chances(self) -> Floats:
        return self.weights @ self.panels


def decompose(
    rows: Rows,
    target: Floats,
    key: str,
    *,
    cancelled: CancelCheck,
    tick: Callable[[float], None] = lambda share: None,
) -> WeightedPanels:
    """Return panels and weights that average to `target`, until `NOTHING` is left or no panel fits."""
    rest, left = target.copy(), 1.0
    panels: list[Members] = []
    weights: list[float] = []
    while left > NOTHING:
        panel = panel_on_face(rows, rest, left, f"{key}|{len(panels)}", cancelled)
        if panel is None or (weight := largest_weight(rows, rest, left, panel)) <= ROUNDING:
            break
        panels.append(panel)
        weights.append(weight)
        rest, left = np.maximum(rest - weight * panel, 0), left - weight
        tick(1 - left)
    return WeightedPanels(np.array(panels).reshape(-1, len(target)), np.array(weights), max(left, 0.0))


def panel_on_face(rows: Rows, rest: Floats, left: float, key: str, cancelled: CancelCheck) -> Members | None:
    """Return a panel of those who still have much to get; what is tight in the rest is tight in the panel."""
    sums = rows.times(rest)
    face = Rows(
        rows.row,
        rows.column,
        rows.value,
        np.where(left * rows.upper - sums < ROUNDING, rows.upper, rows.lower),
        np.where(sums - left * rows.lower < ROUNDING, rows.lower, rows.upper),
    )
    lower, upper = (left - rest < ROUNDING).astype(float), (rest >= ROUNDING).astype(float)
    cost = -(rest / left + NOISE * noise(key, len(rest)))
    bounds = lower, np.maximum(lower, upper)
    programme = Programme(face, cost, *bounds, cancelled, integer=True, options={"mip_rel_gap": GAP})
    try:
        return programme.x > 0.5 if programme.solve() else None
    except Undecided:
        return None


def largest_weight(rows: Rows, rest: Floats, left: float, panel: Members) -> float:
    """Return how much of this panel may be subtracted so that the rest stays inside the relaxation."""
    sums, count = rows.times(rest), np.rint(rows.times(panel.astype(float)))
    upper_slack = np.where(count < rows.upper, left * rows.upper - sums, np.inf) / np.maximum(rows.upper - count, 1)
    lower_slack = np.where(count > rows.lower, sums - left * rows.lower, np.inf) / np.maximum(count - rows.lower, 1)
    bounds = [rest[panel], left - rest[~panel], upper_slack, lower_slack, np.array([left])]
    return float(min(bound.min(initial=np.inf) for bound in bounds))
