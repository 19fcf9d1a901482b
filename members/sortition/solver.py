"""Linear and integer programmes over the panels of an instance, on HiGHS, with the same answer in every process."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from members.sortition.instance import Instance

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]
type Entries = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
type Options = Mapping[str, str | float | int | bool]
type CancelCheck = Callable[[], bool]

VERSION = version("highspy")
EXACT = 1e-6
# Counts and not seconds: a limit of time would give another answer on a slower machine. What decides whether anything
# can be drawn may take more.
MOST_NODES, MOST_NODES_OF_PROOF = 1_000, 50_000
LIMITS = (highspy.HighsModelStatus.kSolutionLimit, highspy.HighsModelStatus.kIterationLimit)


# The feasibility jump takes a third of the time and finds nothing that the relaxation does not lead to.
FIXED: Options = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_max_nodes": MOST_NODES,
    "mip_heuristic_run_feasibility_jump": False,
}


class Phase(StrEnum):
    """Phase of the long computation."""

    RELAXATION = "relaxation"
    DECOMPOSITION = "decomposition"
    RECOUNT = "recount"
    TICKETS = "tickets"


class Cancelled(Exception):
    """Somebody cancelled the computation."""


class Undecided(Exception):
    """The solver found neither an answer nor a proof that there is none."""


def seldom(cancelled: CancelCheck | None) -> CancelCheck:
    """Limit a check to four calls a second: the solver calls it far more often than a database should be read."""
    asked_at, answer = -1.0, False

    def ask() -> bool:
        nonlocal asked_at, answer
        if cancelled and not answer and time.monotonic() > asked_at + 0.25:
            asked_at, answer = time.monotonic(), cancelled()
        return answer

    return ask


@dataclass(frozen=True)
class Rows:
    """Constraints `lower <= A @ x <= upper`, A by its entries that are not zero."""

    row: Integers
    column: Integers
    value: Floats
    lower: Floats
    upper: Floats

    def times(self, x: Floats) -> Floats:
        """Return A @ x."""
        return np.bincount(self.row, weights=self.value * x[self.column], minlength=len(self.lower))

    def and_rows(self, entries: Entries, lower: Floats, upper: Floats) -> "Rows":
        """Return these rows and more; entries are (row among the new ones, column, value)."""
        row, column, value = entries
        return Rows(
            np.concatenate([self.row, np.asarray(row) + len(self.lower)]),
            np.concatenate([self.column, column]),
            np.concatenate([self.value, value]),
            np.concatenate([self.lower, lower]),
            np.concatenate([self.upper, upper]),
        )


def rows_of(instance: Instance) -> Rows:
    """Return rows whose zero-one points are the panels: quota lines, households of two or more, seats."""
    number = {volunteer.id: column for column, volunteer in enumerate(instance.volunteers)}
    row_of = {line.cell: row for row, line in enumerate(instance.quotas)}
    entries = [(row_of[cell], number[one.id]) for one in instance.volunteers for cell in instance.cells(one)]
    for row, household in enumerate(instance.households, len(instance.quotas)):
        entries += [(row, number[one]) for one in household]
    bounds = [(line.minimum, line.maximum) for line in instance.quotas]
    bounds += [(0, 1)] * len(instance.households) + [(instance.seats, instance.seats)]
    entries += [(len(bounds) - 1, column) for column in number.values()]
    row, column = np.array(entries).T
    lower, upper = np.array(bounds, dtype=float).T
    return Rows(row, column, np.ones(len(row)), lower, upper)


def noise(key: str, size: int) -> Floats:
    """Return numbers in [0, 1) that depend on the key alone: the stream of a generator could change by version."""
    drawn = np.frombuffer(hashlib.shake_256(key.encode()).digest(4 * size), dtype="<u4")
    return np.asarray(drawn / 2**32)


make_model: Callable[[], Any] = highspy.Highs  # the one part of highspy that has no types


class Programme:
    """HiGHS model: `minimise cost @ x` over rows and bounds.

    One thread: several would make the answer depend on their speed, and a change of their number after a first run in
    the process makes the next one fail.
    """

    def __init__(
        self,
        rows: Rows,
        cost: Floats,
        lower: Floats,
        upper: Floats,
        cancelled: CancelCheck,
        *,
        integer: bool = False,
        options: Options = MappingProxyType({}),
    ) -> None:
        self.cancelled = cancelled
        self.highs: Any = make_model()
        self.highs.cbMipInterrupt += lambda event: event.interrupt(cancelled())
        for name, value in {**FIXED, **options}.items():
            self.highs.setOptionValue(name, value)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = len(rows.lower), len(cost)
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        model.row_lower_, model.row_upper_ = rows.lower, rows.upper
        by_row = np.argsort(rows.row, kind="stable")
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.searchsorted(rows.row[by_row], np.arange(len(rows.lower) + 1)).astype(np.int32)
        model.a_matrix_.index_ = rows.column[by_row].astype(np.int32)
        model.a_matrix_.value_ = rows.value[by_row]
        if integer:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
        self.highs.passModel(model)

    def solve(self) -> bool:
        """Solve the model and return whether the rows can be satisfied. Raise Undecided or Cancelled."""
        if not self.cancelled():
            self.highs.run()
        if self.cancelled():
            raise Cancelled
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        has_solution = self.highs.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        if status != highspy.HighsModelStatus.kOptimal and not (has_solution and status in LIMITS):
            raise Undecided(f"Le solveur n’a pas conclu ({self.highs.modelStatusToString(status)}).")
        return True

    @property
    def x(self) -> Floats:
        return np.array(self.highs.getSolution().col_value)

    @property
    def duals(self) -> Floats:
        return np.array(self.highs.getSolution().row_dual)

    @property
    def nodes(self) -> int:
        """Return the nodes of the branch and bound: the work that was done, the same on every machine."""
        return max(int(self.highs.getInfo().mip_node_count), 0)
