"""Feasibility of a draw: can these people fill the seats? If not: why, in a French sentence, and which remedies.

Who sits in every valid panel and in none is determined from panels and not from their relaxation (`cover`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from members.sortition.decomposition import Members
from members.sortition.instance import Instance, QuotaLine
from members.sortition.solver import (
    MOST_NODES,
    MOST_NODES_OF_PROOF,
    CancelCheck,
    Floats,
    Options,
    Programme,
    Rows,
    Undecided,
    rows_of,
    seldom,
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


type Labels = Mapping[str, str]

PEOPLE = {"F": ("femme", "femmes"), "H": ("homme", "hommes")}
DECISION = "Chacun exige une décision motivée, inscrite au procès-verbal."


class RemedyKind(StrEnum):
    """Possible decision where a line of the quotas cannot be filled."""

    EXTEND_CALL = "extend_call"
    OTHER_GENDER = "other_gender"
    LEAVE_VACANT = "leave_vacant"
    OPEN_TO_NEIGHBOUR = "open_to_neighbour"
    WIDEN = "widen"


@dataclass(frozen=True)
class Remedy:
    """Remedy to decide on. `changes`: the lines of the next version of the quotas. `seats`: of the panel, then."""

    kind: RemedyKind
    sentence: str
    changes: tuple[QuotaLine, ...]
    seats: int


@dataclass(frozen=True)
class Supply:
    """People and households for a line of the quotas. Only one person of a household can sit."""

    line: QuotaLine
    people: int
    households: int


@dataclass(frozen=True)
class Extremes:
    """Ids in every valid panel, and in none."""

    forced: tuple[str, ...]
    excluded: tuple[str, ...]


class Infeasible(Exception):
    """No panel satisfies the quotas. `short`: the lines that too few households can fill, by counting."""

    def __init__(self, reasons: list[str], remedies: list[Remedy], short: tuple[Supply, ...] = ()) -> None:
        self.short, self.remedies = short, tuple(remedies)
        listed = " ; ".join(f"({letter}) {one.sentence}" for letter, one in zip(LETTERS, remedies, strict=False))
        super().__init__(f"Tirage impossible en l’état. {' '.join(reasons)} Remèdes : {listed}. {DECISION}")


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def supplies(instance: Instance) -> tuple[Supply, ...]:
    """Count people and households for each line, in the order of the instance."""
    people: dict[tuple[str, str], list[str]] = {line.cell: [] for line in instance.quotas}
    for volunteer in instance.volunteers:
        for cell in instance.cells(volunteer):
            people[cell].append(volunteer.household)
    return tuple(Supply(line, len(people[line.cell]), len(set(people[line.cell]))) for line in instance.quotas)


def examine(instance: Instance, names: Labels | None = None, cancelled: CancelCheck | None = None) -> Extremes:
    """Check that there is a panel at all, without drawing, and return its extremes; raise Infeasible, Cancelled.

    `names`: labels of values or parts of them, as {"3102": "Bagnères-de-Luchon"}; F and H are known.
    """
    check_counts(instance, names)
    coverage = cover(rows_of(instance), len(instance.volunteers), seldom(cancelled))
    if coverage is None:
        raise explanation(instance, names, seldom(cancelled))
    ids = np.array([volunteer.id for volunteer in instance.volunteers])
    return Extremes(tuple(ids[coverage.certain].tolist()), tuple(ids[~coverage.possible].tolist()))


def check_counts(instance: Instance, names: Labels | None = None) -> None:
    """Raise Infeasible where a line, or the panel, has fewer households than it needs: counted without a solver."""
    every = supplies(instance)
    short = tuple(supply for supply in every if supply.households < supply.line.minimum)
    if short:
        by_cell = {supply.line.cell: supply for supply in every}
        reasons = [shortage(supply, names or {}) for supply in short]
        remedies = [remedy for supply in short for remedy in remedies_of(supply, by_cell, instance.seats, names or {})]
        raise Infeasible(reasons, remedies, short)
    homes = len({volunteer.household for volunteer in instance.volunteers})
    if homes < instance.seats:
        call = Remedy(RemedyKind.EXTEND_CALL, "prolonger l’appel", (), instance.seats)
        raise Infeasible([f"{instance.seats} sièges, {homes} foyers : un seul par foyer peut siéger."], [call])


def label(line: QuotaLine, names: Labels) -> str:
    """Return « Bagnères-de-Luchon, hommes » for an intersection, « csp « ouvrier » » for a plain value."""
    first, _, second = line.value.rpartition("-")
    if line.value not in names and first and (second in PEOPLE or first in names):
        return f"{names.get(first, first)}, {PEOPLE[second][1] if second in PEOPLE else names.get(second, second)}"
    return f"{line.feature} « {names.get(line.value, line.value)} »"


def shortage(supply: Supply, names: Labels) -> str:
    """Return a sentence such as « Bagnères-de-Luchon, hommes : 2 sièges, 1 candidat. »."""
    line, people, homes = supply.line, supply.people, supply.households
    seats = f"{line.minimum} siège{'s' * (line.minimum > 1)}"
    seats += " au moins" if line.minimum < line.maximum else ""
    candidates = f"{people or 'aucun'} candidat{'s' * (people > 1)}"
    usable = f", dont {homes} seulement, un par foyer, {'peuvent' if homes > 1 else 'peut'} siéger"
    return f"{label(line, names)} : {seats}, {candidates}{usable if homes < people else ''}."


def remedies_of(
    supply: Supply, by_cell: Mapping[tuple[str, str], Supply], seats: int, names: Labels
) -> Iterator[Remedy]:
    """Yield a longer call; for place and gender the other gender, a vacancy, a neighbour, else a wider bound."""
    line, shortfall = supply.line, supply.line.minimum - supply.households
    place, _, gender = line.value.rpartition("-")
    where = label(line, names)
    lowered = replace(line, minimum=supply.households, maximum=max(line.maximum - shortfall, supply.households))
    yield Remedy(RemedyKind.EXTEND_CALL, f"prolonger l’appel : {where}", (), seats)
    other = by_cell.get((line.feature, f"{place}-{'H' if gender == 'F' else 'F'}"))
    if gender not in PEOPLE or other is None:
        yield widened(replace(line, minimum=supply.households), line, seats, names)
        return
    raised = replace(other.line, minimum=other.line.minimum + shortfall, maximum=other.line.maximum + shortfall)
    if other.households >= raised.minimum:
        both = " + ".join(people_of(one) for one in (raised, lowered) if one.minimum)
        yield Remedy(RemedyKind.OTHER_GENDER, f"pourvoir {both} ({where})", (lowered, raised), seats)
    vacant = "le siège vacant" if shortfall == 1 else f"{shortfall} sièges vacants"
    yield Remedy(RemedyKind.LEAVE_VACANT, f"laisser {vacant} ({seats - shortfall})", (lowered,), seats - shortfall)
    opened = "le siège" if shortfall == 1 else f"{shortfall} sièges"
    yield Remedy(RemedyKind.OPEN_TO_NEIGHBOUR, f"ouvrir {opened} à un canton voisin", (lowered,), seats)


def people_of(line: QuotaLine) -> str:
    one, several = PEOPLE[line.value.rpartition("-")[2]]
    return f"{line.minimum} {several if line.minimum > 1 else one}"


def widened(line: QuotaLine, before: QuotaLine, seats: int, names: Labels) -> Remedy:
    """Return the remedy of one moved bound: « abaisser de 9 à 4 le minimum de csp « ouvrier » »."""
    change = f"abaisser de {before.minimum} à {line.minimum} le minimum"
    if line.minimum == before.minimum:
        change = f"relever de {before.maximum} à {line.maximum} le maximum"
    return Remedy(RemedyKind.WIDEN, f"{change} de {label(line, names)}", (line,), seats)


def explanation(instance: Instance, names: Labels | None, cancelled: CancelCheck) -> Infeasible:
    """Return the error where each line can be filled, but not all together: the fewest seats to widen bounds by.

    Lines with one number (so many of a canton) stay unchanged where that is possible.
    """
    rows, lines, names = rows_of(instance), instance.quotas, names or {}
    loose = [index for index, line in enumerate(lines) if line.minimum < line.maximum]
    changed = least_widening(instance, rows, loose, cancelled)
    changed = changed or least_widening(instance, rows, list(range(len(lines))), cancelled)
    remedies = [Remedy(RemedyKind.EXTEND_CALL, "prolonger l’appel", (), instance.seats)]
    remedies += [widened(after, before, instance.seats, names) for before, after in changed]
    listed = ", ".join(label(before, names) for before, _after in changed)
    return Infeasible([f"Chaque ligne des quotas peut être tenue seule, pas toutes ensemble ({listed})."], remedies)


def least_widening(
    instance: Instance, rows: Rows, which: list[int], cancelled: CancelCheck
) -> list[tuple[QuotaLine, QuotaLine]]:
    """Return these lines before and after, where their bounds widen by as few seats in all as possible."""
    many, size = len(which), len(instance.volunteers)
    entries = (
        np.concatenate([rows.row, which, which]),
        np.concatenate([rows.column, size + np.arange(2 * many)]),
        np.concatenate([rows.value, np.ones(many), -np.ones(many)]),
    )
    cost = np.concatenate([np.zeros(size), np.ones(2 * many)])
    upper = np.concatenate([np.ones(size), np.full(2 * many, float(instance.seats))])
    options = {"mip_max_nodes": MOST_NODES_OF_PROOF}
    wide = Rows(*entries, rows.lower, rows.upper)
    programme = Programme(wide, cost, 0 * upper, upper, cancelled, integer=True, options=options)
    if not programme.solve():
        return []
    slack = np.rint(programme.x[size:]).astype(int)
    pairs = []
    for position, index in enumerate(which):
        line, short, over = instance.quotas[index], int(slack[position]), int(slack[many + position])
        if short or over:
            pairs.append((line, replace(line, minimum=line.minimum - short, maximum=line.maximum + over)))
    return pairs
