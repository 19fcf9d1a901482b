"""The agenda as a list of lines on two levels: moving lines, and the clock that runs along them. No database here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

DIRECTIONS = ("up", "down", "in", "out")


@dataclass(frozen=True)
class Line:
    """A line by its key; `depth` 0 is an item, 1 a sub-item of the item above."""

    pk: int
    depth: int


@dataclass(frozen=True)
class Timed:
    """What the clock needs to know about a line."""

    pk: int
    depth: int
    minutes: int
    is_break: bool = False


@dataclass(frozen=True)
class Slot:
    """When a line begins and how long it lasts; an item with sub-items lasts as long as they do."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def tidied(lines: Iterable[Line]) -> list[Line]:
    """Two levels at most, and the first line is an item."""
    found: list[Line] = []
    for line in lines:
        found.append(replace(line, depth=1 if line.depth > 0 and found else 0))
    return found


def block(lines: Sequence[Line], index: int) -> int:
    """Index just after the line and its sub-items."""
    end = index + 1
    if lines[index].depth == 0:
        while end < len(lines) and lines[end].depth > 0:
            end += 1
    return end


def moved(lines: Sequence[Line], pk: int, direction: str) -> list[Line]:
    """The list after one step; an item takes its sub-items along, an impossible step changes nothing."""
    if direction not in DIRECTIONS:
        raise ValueError(direction)
    index = next((place for place, line in enumerate(lines) if line.pk == pk), None)
    if index is None:
        return list(lines)
    if direction in ("in", "out"):
        return deepened(lines, index, 1 if direction == "in" else 0)
    return lifted(lines, index) if direction == "up" else lowered(lines, index)


def deepened(lines: Sequence[Line], index: int, depth: int) -> list[Line]:
    """An item that has sub-items stays an item: three levels are nobody's agenda."""
    has_children = block(lines, index) > index + 1
    if depth == 1 and (index == 0 or has_children):
        return list(lines)
    return [replace(line, depth=depth) if place == index else line for place, line in enumerate(lines)]


def lifted(lines: Sequence[Line], index: int) -> list[Line]:
    end = block(lines, index)
    if lines[index].depth > 0:
        target = index - 1
        if lines[target].depth == 0:
            return list(lines)
    else:
        target = index - 1
        while target > 0 and lines[target].depth > 0:
            target -= 1
    if target < 0:
        return list(lines)
    return [*lines[:target], *lines[index:end], *lines[target:index], *lines[end:]]


def lowered(lines: Sequence[Line], index: int) -> list[Line]:
    end = block(lines, index)
    if end >= len(lines) or (lines[index].depth > 0 and lines[end].depth == 0):
        return list(lines)
    after = block(lines, end)
    return [*lines[:index], *lines[end:after], *lines[index:end], *lines[after:]]


def numbers(lines: Sequence[Line]) -> dict[int, str]:
    """« 3 » for an item, « 3.2 » for its second sub-item."""
    found, item, part = {}, 0, 0
    for line in lines:
        if line.depth == 0:
            item, part = item + 1, 0
            found[line.pk] = str(item)
        else:
            part += 1
            found[line.pk] = f"{item}.{part}"
    return found


def clock(
    lines: Sequence[Timed], starts_at: datetime, pause: tuple[datetime, datetime] | None = None
) -> dict[int, Slot]:
    """When each line begins. The first break waits for the planned pause of the sitting and lasts as long as it."""
    found: dict[int, Slot] = {}
    now = starts_at
    for index, line in enumerate(lines):
        if line.depth > 0:
            continue
        children = parts_of(lines, index)
        if line.is_break and pause and now <= pause[0]:
            found[line.pk] = Slot(pause[0], minutes_between(*pause))
            now, pause = pause[1], None
            continue
        begun = now
        for child in children:
            found[child.pk] = Slot(now, child.minutes)
            now += timedelta(minutes=child.minutes)
        if not children:
            now += timedelta(minutes=line.minutes)
        found[line.pk] = Slot(begun, minutes_between(begun, now))
    return found


def parts_of(lines: Sequence[Timed], index: int) -> list[Timed]:
    """Sub-items that follow the item at `index`."""
    parts = []
    for line in lines[index + 1 :]:
        if line.depth == 0:
            break
        parts.append(line)
    return parts


def minutes_between(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)
