"""Rule for a seat that falls vacant, written before the draw.

It goes to somebody of the same cell (the first feature of the order), who shares no household with a sitting member.
As many seats as possible are filled; then the panel leaves the quotas by as little as possible, feature by feature in
the order written; among equals the first in rank. Several vacancies of one day are filled together: taken one by one,
the first successor could use up what the second needs.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from members.sortition.instance import Cell, Instance
from members.sortition.solver import Floats, Programme, Rows, seldom


@dataclass(frozen=True)
class Considered:
    """Candidate for a seat. `excess`: by how many people the panel leaves each feature’s quotas, in written order."""

    id: str
    excess: tuple[int, ...]


@dataclass(frozen=True)
class Successor:
    """Successor in a seat. `id`: None where nobody of the cell is left. `considered`: those of the cell, by rank."""

    vacated: str
    id: str | None
    considered: tuple[Considered, ...]


@dataclass(frozen=True)
class Composition:
    """People of the panel by cell, and by how many it leaves the quotas."""

    counts: dict[Cell, int]
    excess: tuple[int, ...]


@dataclass(frozen=True)
class Succession:
    """Successors of all vacant seats. `before`: the panel with those who left."""

    successors: tuple[Successor, ...]
    before: Composition
    after: Composition


def succeed(
    instance: Instance,
    *,
    sitting: Sequence[str],
    vacated: Sequence[str],
    available: Sequence[str],
    order: Sequence[str],
) -> Succession:
    """Fill the seats of `vacated`, in the order of their leaving, from `available`, in the order of rank.

    `sitting`: who stays. `order`: every feature once, the one that makes the cell first. Raises ValueError otherwise.
    """
    check(instance, sitting, vacated, available, order)
    at = instance.features.index(order[0])
    homes = {instance.by_id[one].household for one in sitting}
    vacant_by_value = Counter(instance.by_id[one].values[at] for one in vacated)
    candidates = [
        one
        for one in available
        if vacant_by_value[instance.by_id[one].values[at]] and instance.by_id[one].household not in homes
    ]
    if len(vacated) == 1:
        taken = first_of(instance, sitting, candidates, order)
    else:
        taken = together(instance, sitting, candidates, order, vacant_by_value)
    waiting = {value: [one for one in taken if instance.by_id[one].values[at] == value] for value in vacant_by_value}
    successors = []
    for one in vacated:
        value = instance.by_id[one].values[at]
        successor_id = waiting[value].pop(0) if waiting[value] else None
        others = [*sitting, *(other for other in taken if other != successor_id)]
        beside = {instance.by_id[other].household for other in others}
        considered = tuple(
            Considered(other, composition_of(instance, [*others, other], order).excess)
            for other in candidates
            if instance.by_id[other].values[at] == value and instance.by_id[other].household not in beside
        )
        successors.append(Successor(one, successor_id, considered))
    before = composition_of(instance, [*sitting, *vacated], order)
    return Succession(tuple(successors), before, composition_of(instance, [*sitting, *taken], order))


def check(
    instance: Instance, sitting: Sequence[str], vacated: Sequence[str], available: Sequence[str], order: Sequence[str]
) -> None:
    everybody = [*sitting, *vacated, *available]
    if len(set(everybody)) != len(everybody) or not set(everybody) <= instance.by_id.keys():
        raise ValueError("Each id must be of the pool, and once in one of the lists.")
    if sorted(order) != list(instance.features):
        raise ValueError("The order must hold every feature once.")


def composition_of(instance: Instance, ids: Sequence[str], order: Sequence[str]) -> Composition:
    counts = instance.counts(ids)
    excess = dict.fromkeys(order, 0)
    for line in instance.quotas:
        count = counts[line.cell]
        excess[line.feature] += max(count - line.maximum, line.minimum - count, 0)
    return Composition(counts, tuple(excess.values()))


def first_of(instance: Instance, sitting: Sequence[str], candidates: Sequence[str], order: Sequence[str]) -> list[str]:
    """Return the successor for one seat, by counting: least excess, then first in rank."""
    tried = ((composition_of(instance, [*sitting, one], order).excess, place) for place, one in enumerate(candidates))
    return [candidates[place] for _excess, place in sorted(tried)[:1]]


def together(
    instance: Instance,
    sitting: Sequence[str],
    candidates: Sequence[str],
    order: Sequence[str],
    vacant_by_value: Counter[str],
) -> list[str]:
    """Return the successors for several seats, by rank: each aim is met before the next one is minimised."""
    rows, aims = vacancies(instance, sitting, candidates, order, vacant_by_value)
    lower, upper = np.zeros(rows.column.max(initial=0) + 1), np.full(rows.column.max(initial=0) + 1, np.inf)
    upper[: len(candidates)] = 1
    for aim in aims:
        best = np.rint(aim @ least(rows, aim, lower, upper))
        at = np.flatnonzero(aim)
        rows = rows.and_rows((np.zeros(len(at), dtype=int), at, aim[at]), np.array([-np.inf]), np.array([best]))
    # By rank, each candidate who can be part of one of the best answers is taken.
    for place in range(len(candidates)):
        cost = np.zeros(len(lower))
        cost[place] = -1
        lower[place] = upper[place] = np.rint(least(rows, cost, lower, upper)[place])
    return [one for place, one in enumerate(candidates) if lower[place]]


def least(rows: Rows, cost: Floats, lower: Floats, upper: Floats) -> Floats:
    programme = Programme(rows, cost, lower, upper, seldom(None), integer=True, options={"mip_rel_gap": 0.0})
    programme.solve()
    return programme.x


def vacancies(
    instance: Instance,
    sitting: Sequence[str],
    candidates: Sequence[str],
    order: Sequence[str],
    vacant_by_value: Counter[str],
) -> tuple[Rows, list[Floats]]:
    """Return rows and aims (costs to minimise). Columns: candidates, then two a quota line (too few, too many)."""
    size, lines = len(candidates), instance.quotas
    counts = instance.counts(sitting)
    entries: list[tuple[int, int, int]] = []
    bounds: list[tuple[float, float]] = []
    for place, line in enumerate(lines):
        at = instance.features.index(line.feature)
        entries += [(place, i, 1) for i, one in enumerate(candidates) if instance.by_id[one].values[at] == line.value]
        entries += [(place, size + 2 * place, 1), (place, size + 2 * place + 1, -1)]
        bounds += [(line.minimum - counts[line.cell], line.maximum - counts[line.cell])]
    cell = instance.features.index(order[0])
    values = [instance.by_id[one].values[cell] for one in candidates]
    homes = [instance.by_id[one].household for one in candidates]
    limits = [(values, value, vacant_by_value[value]) for value in sorted(vacant_by_value)]
    limits += [(homes, home, 1) for home in sorted(set(homes))]
    for kinds, kind, most in limits:
        entries += [(len(bounds), i, 1) for i, one in enumerate(kinds) if one == kind]
        bounds += [(0, most)]
    row, column, value = np.array(entries).T
    lower, upper = np.array(bounds, dtype=float).T
    aims = [np.append(-np.ones(size), np.zeros(2 * len(lines)))]
    for feature in order:
        mine = np.repeat([line.feature == feature for line in lines], 2).astype(float)
        aims.append(np.append(np.zeros(size), mine))
    return Rows(row, column, value.astype(float), lower, upper), aims
