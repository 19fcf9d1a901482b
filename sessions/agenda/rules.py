"""The agenda as lines on two levels: reordering, and the clock along the lines. Without database access."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sessions.models import AgendaKind

KINDS_BY_FIRST_WORD = {
    "accueil": AgendaKind.OPENING,
    "ouverture": AgendaKind.OPENING,
    "information": AgendaKind.INFORMATION,
    "présentation": AgendaKind.INFORMATION,
    "vote": AgendaKind.VOTE,
    "suivi des actions": AgendaKind.ACTIONS,
    "pause": AgendaKind.BREAK,
    "déjeuner": AgendaKind.BREAK,
    "questions diverses": AgendaKind.OTHER,
}
DIRECTIONS = ("up", "down", "in", "out")
NEAR_PAUSE = timedelta(hours=1)
Pause = tuple[datetime, datetime]


@dataclass(frozen=True)
class OrderedLine:
    """A line by its key; `depth` is 0 for an item, 1 for a sub-item of the item above."""

    pk: int
    depth: int


@dataclass(frozen=True)
class LineTiming:
    """Facts of a line that the clock needs."""

    pk: int
    depth: int
    minutes: int
    is_break: bool = False


@dataclass(frozen=True)
class TimeSlot:
    """Begin and end of a line, and its minutes of work; a pause inside does not count."""

    starts_at: datetime
    ends_at: datetime
    minutes: int


def tidied(lines: Iterable[OrderedLine]) -> list[OrderedLine]:
    """Limit the lines to two levels, with an item as the first line."""
    tidy_lines: list[OrderedLine] = []
    for line in lines:
        tidy_lines.append(replace(line, depth=1 if line.depth > 0 and tidy_lines else 0))
    return tidy_lines


def block(lines: Sequence[OrderedLine], index: int) -> int:
    """Return the index just after the line and its sub-items."""
    end = index + 1
    if lines[index].depth == 0:
        while end < len(lines) and lines[end].depth > 0:
            end += 1
    return end


def moved(lines: Sequence[OrderedLine], pk: int, direction: str) -> list[OrderedLine]:
    """Return the lines after one step; sub-items follow their item, an impossible step changes nothing."""
    if direction not in DIRECTIONS:
        raise ValueError(direction)
    index = next((position for position, line in enumerate(lines) if line.pk == pk), None)
    if index is None:
        return list(lines)
    if direction in ("in", "out"):
        return deepened(lines, index, 1 if direction == "in" else 0)
    return lifted(lines, index) if direction == "up" else lowered(lines, index)


def deepened(lines: Sequence[OrderedLine], index: int, depth: int) -> list[OrderedLine]:
    """Change the depth of a line, unless it has sub-items: an agenda has no three levels."""
    has_children = block(lines, index) > index + 1
    if depth == 1 and (index == 0 or has_children):
        return list(lines)
    return [replace(line, depth=depth) if position == index else line for position, line in enumerate(lines)]


def lifted(lines: Sequence[OrderedLine], index: int) -> list[OrderedLine]:
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


def lowered(lines: Sequence[OrderedLine], index: int) -> list[OrderedLine]:
    end = block(lines, index)
    if end >= len(lines) or (lines[index].depth > 0 and lines[end].depth == 0):
        return list(lines)
    after = block(lines, end)
    return [*lines[:index], *lines[end:after], *lines[index:end], *lines[after:]]


def index_after(lines: Sequence[OrderedLine], earlier: set[int]) -> int:
    """Return the index after the first lines that are all `earlier`, and after the sub-items of the last one."""
    position = next((index for index, line in enumerate(lines) if line.pk not in earlier), len(lines))
    while position < len(lines) and lines[position].depth > 0:
        position += 1
    return position


def index_among(lines: Sequence[OrderedLine], point: int | None, earlier: set[int]) -> int:
    """Return the index of a sub-item of `point`, after its sub-items that are `earlier`."""
    index = next(position for position, line in enumerate(lines) if line.pk == point)
    parts = lines[index + 1 : block(lines, index)]
    return index + 1 + sum(line.pk in earlier for line in parts)


def index_below(lines: Sequence[OrderedLine], pk: int, depth: int) -> int | None:
    """Return the index below another line (an item after its sub-items), or None if that line was removed."""
    index = next((position for position, line in enumerate(lines) if line.pk == pk), None)
    if index is None:
        return None
    position = index + 1
    while depth == 0 and position < len(lines) and lines[position].depth > 0:
        position += 1
    return position


def index_before(lines: Sequence[OrderedLine], closing: Collection[int]) -> int:
    """Return the index of a new item at the end, before those that close it (« Questions diverses »)."""
    position = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        if lines[index].depth == 0:
            if lines[index].pk not in closing:
                break
            position = index
    return position


def kind_of(title: str) -> AgendaKind:
    """Return the kind of an item by the first words of its title; « Modifier » can change it."""
    text = title.casefold()
    return next(
        (kind for begins, kind in KINDS_BY_FIRST_WORD.items() if text.startswith(begins)), AgendaKind.DISCUSSION
    )


def item_numbers(lines: Sequence[OrderedLine]) -> dict[int, str]:
    """Return the numbers by key: « 3 » for an item, « 3.2 » for its second sub-item."""
    numbers, item, part = {}, 0, 0
    for line in lines:
        if line.depth == 0:
            item, part = item + 1, 0
            numbers[line.pk] = str(item)
        else:
            part += 1
            numbers[line.pk] = f"{item}.{part}"
    return numbers


def clock(lines: Sequence[LineTiming], starts_at: datetime, pause: Pause | None = None) -> dict[int, TimeSlot]:
    """Return the slot of each line; there is no work during the planned pause of the sitting.

    The break line for the pause (`break_at_pause`) begins and ends with it. Without such a line, an item that would
    begin in the pause begins after it, and one that meets the pause goes on after it.
    """
    meal = break_at_pause(lines, starts_at, pause) if pause else None
    cut = pause if meal is None else None
    slots: dict[int, TimeSlot] = {}
    now = starts_at
    for index, line in enumerate(lines):
        if line.depth > 0:
            continue
        if pause and line.pk == meal:
            begun = max(now, pause[0])
            now = max(now, pause[1])
            slots[line.pk] = TimeSlot(begun, now, round((now - begun).total_seconds() / 60))
            continue
        parts = parts_of(lines, index) or [line]
        for part in parts:
            slots[part.pk] = slot_from(now, part.minutes, cut)
            now = slots[part.pk].ends_at
        slots[line.pk] = TimeSlot(slots[parts[0].pk].starts_at, now, sum(part.minutes for part in parts))
    return slots


def slot_from(now: datetime, minutes: int, pause: Pause | None) -> TimeSlot:
    """Return the slot of so many minutes of work from now on, around the pause."""
    if pause and pause[0] <= now < pause[1]:
        now = pause[1]
    ends_at = now + timedelta(minutes=minutes)
    if pause and now < pause[0] < ends_at:
        ends_at += pause[1] - pause[0]
    return TimeSlot(now, ends_at, minutes)


def break_at_pause(lines: Sequence[LineTiming], starts_at: datetime, pause: Pause) -> int | None:
    """Return the key of the break line nearest to the planned pause, or None if that one is a morning break.

    It is a morning break when it comes more than an hour before the pause and work goes on into the pause.
    """
    slots = clock(lines, starts_at)
    breaks = [line.pk for line in lines if line.is_break and line.depth == 0 and slots[line.pk].starts_at < pause[1]]
    nearest = min(breaks, key=lambda pk: abs(slots[pk].starts_at - pause[0]), default=None)
    if nearest is None:
        return None
    is_near = pause[0] - slots[nearest].starts_at <= NEAR_PAUSE
    return nearest if is_near or max(slot.ends_at for slot in slots.values()) <= pause[0] else None


def parts_of(lines: Sequence[LineTiming], index: int) -> list[LineTiming]:
    """Return the sub-items of the item at `index`."""
    parts = []
    for line in lines[index + 1 :]:
        if line.depth == 0:
            break
        parts.append(line)
    return parts
