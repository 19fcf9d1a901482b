"""Rules of the public profile of those who sit: when it is published again, and which figure each cell then has."""

from collections.abc import Collection, Sequence

from assembly.text.small_cells import FEW

type Cell = tuple[int, int]  # people, and what is counted of them


def is_due(before: Collection[int] | None, now: Collection[int]) -> bool:
    """Return whether enough people came or left since the last publication; the first one requires as many who sit."""
    return len(now) >= FEW if before is None else len(set(before) ^ set(now)) >= FEW and bool(now)


def published_cell(now: Cell, earlier: Sequence[Cell]) -> Cell:
    """Return the figure of a cell from its earlier figures, the oldest first.

    A cell in which fewer than five people changed repeats its last figure; one in which more did never comes closer
    than five to any figure that it had: two publications side by side reveal nobody.
    """
    close = [cell for cell in reversed(earlier) if abs(cell[0] - now[0]) < FEW]
    if not close:
        return now
    last = earlier[-1]
    nearest = last if last in close else min(close, key=lambda cell: abs(cell[0] - now[0]))
    return now if nearest[0] == now[0] else nearest
