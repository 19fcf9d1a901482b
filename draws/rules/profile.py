"""When the profile of those who sit is published anew, and which figure each cell then tells."""

from collections.abc import Collection, Sequence

from assembly.ui.small_cells import FEW

type Cell = tuple[int, int]  # people, and what is counted of them


def is_due(before: Collection[int] | None, now: Collection[int]) -> bool:
    """Whether enough people came or left since the last publication; the first one asks for as many who sit."""
    return len(now) >= FEW if before is None else len(set(before) ^ set(now)) >= FEW and bool(now)


def published_cell(now: Cell, earlier: Sequence[Cell]) -> Cell:
    """Return what a cell tells, by what it told before, the oldest first.

    A cell in which fewer than five people changed tells what it told last; one in which more did never comes closer
    than five to any figure that it told: two publications side by side give nobody away.
    """
    close = [cell for cell in reversed(earlier) if abs(cell[0] - now[0]) < FEW]
    if not close:
        return now
    last = earlier[-1]
    nearest = last if last in close else min(close, key=lambda cell: abs(cell[0] - now[0]))
    return now if nearest[0] == now[0] else nearest
