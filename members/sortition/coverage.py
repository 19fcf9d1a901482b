"""People who sit in every valid panel and in none, determined from panels and not from their relaxation."""

from dataclasses import dataclass

import numpy as np

from members.sortition.decomposition import Members
from members.sortition.solver import (
    MOST_NODES,
    MOST_NODES_OF_PROOF,
    CancelCheck,
    Floats,
    Options,
    Programme,
    Rows,
    Undecided,
)


@dataclass(frozen=True)
class Coverage:
    """Panels with all who may sit. `possible`: these people, by column; `certain`: those whom no panel leaves out."""

    panels: Members
    possible: Members
    certain: Members


def cover(rows: Rows, size: int, cancelled: CancelCheck) -> Coverage | None:
    """Return the coverage, or None where there is no panel at all. Raise Undecided where the solver gives up.

    Where it gives up on some people, they count as possible and as not certain; their chances show the rest.
    """
    first = find_panel(rows, np.zeros(size), cancelled, nodes=MOST_NODES_OF_PROOF)
    if first is None:
        return None
    panels = [first]
    unmet = collect(rows, ~first, -1.0, panels, cancelled)
    certain = collect(rows, np.logical_and.reduce(panels), 1.0, panels, cancelled)
    return Coverage(np.unique(np.array(panels), axis=0), ~unmet, certain)


def collect(rows: Rows, people: Members, sign: float, panels: list[Members], cancelled: CancelCheck) -> Members:
    """Add panels with as many of `people` as possible (or without, by the sign), until no panel adds one.

    Return those who are left; nobody where the solver gave up.
    """
    while people.any():
        try:
            panel = find_panel(rows, np.where(people, sign, 0.0), cancelled)
        except Undecided:
            return np.zeros_like(people)
        if panel is None:
            return people
        shown = people & (panel if sign < 0 else ~panel)
        if not shown.any():
            return people
        panels.append(panel)
        people = people & ~shown
    return people


def find_panel(rows: Rows, cost: Floats, cancelled: CancelCheck, nodes: int = MOST_NODES) -> Members | None:
    """Return a cheap panel, if any. The cost is a count: a bound within one of it proves that none costs less."""
    options: Options = {"mip_rel_gap": 0.3, "mip_abs_gap": 0.99, "mip_max_nodes": nodes}
    programme = Programme(rows, cost, 0 * cost, np.ones(len(cost)), cancelled, integer=True, options=options)
    return programme.x > 0.5 if programme.solve() else None
