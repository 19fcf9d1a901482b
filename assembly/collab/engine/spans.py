"""Ranges of clocks, by client: the known deletions."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Spans:
    """Disjoint ranges in order, joined when they touch."""

    def __init__(self, ranges: Iterable[tuple[int, int, int]] = ()) -> None:
        self.starts: dict[int, list[int]] = {}
        self.ends: dict[int, list[int]] = {}
        for span in ranges:
            self.add(*span)

    def add(self, client: int, start: int, length: int) -> None:
        end = start + length
        starts, ends = self.starts.setdefault(client, []), self.ends.setdefault(client, [])
        first, last = bisect_left(ends, start), bisect_right(starts, end)
        if first < last:
            start, end = min(start, starts[first]), max(end, ends[last - 1])
        starts[first:last] = [start]
        ends[first:last] = [end]

    def covers(self, client: int, start: int, length: int) -> bool:
        """Return whether the whole range is contained."""
        starts = self.starts.get(client)
        if not starts:
            return False
        at = bisect_right(starts, start) - 1
        return at >= 0 and self.ends[client][at] >= start + length
