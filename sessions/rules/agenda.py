"""The agenda as a list of lines on two levels: moving lines, and the clock that runs along them. No database here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sessions.enums import AgendaKind

KINDS_BY_WORDS = {
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
    """A line by its key; `depth` 0 is an item, 1 a sub-item of the item above."""

    pk: int
    depth: int


@dataclass(frozen=True)
class LineTiming:
    """What the clock needs to know about a line."""

    pk: int
    depth: int
    minutes: int
    is_break: bool = False


@dataclass(frozen=True)
class TimeSlot:
    """When a line begins and ends, and the minutes of work in between: a pause that falls inside is not counted."""

    starts_at: datetime
    ends_at: datetime
    minutes: int


def tidied(lines: Iterable[OrderedLine]) -> list[OrderedLine]:
    """Two levels at most, and the first line is an item."""
    found: list[OrderedLine] = []
    for line in lines:
        found.append(replace(line, depth=1 if line.depth > 0 and found else 0))
    return found


def block(lines: Sequence[OrderedLine], index: int) -> int:
    """Index just after the line and its sub-items."""
    end = index + 1
    if lines[index].depth == 0:
        while end < len(lines) and lines[end].depth > 0:
            end += 1
    return end


def moved(lines: Sequence[OrderedLine], pk: int, direction: str) -> list[OrderedLine]:
    """The list after one step; an item takes its sub-items along, an impossible step changes nothing."""
    if direction not in DIRECTIONS:
        raise ValueError(direction)
    index = next((place for place, line in enumerate(lines) if line.pk == pk), None)
    if index is None:
        return list(lines)
    if direction in ("in", "out"):
        return deepened(lines, index, 1 if direction == "in" else 0)
    return lifted(lines, index) if direction == "up" else lowered(lines, index)


def deepened(lines: Sequence[OrderedLine], index: int, depth: int) -> list[OrderedLine]:
    """An item that has sub-items stays an item: three levels are nobody's agenda."""
    has_children = block(lines, index) > index + 1
    if depth == 1 and (index == 0 or has_children):
        return list(lines)
    return [replace(line, depth=depth) if place == index else line for place, line in enumerate(lines)]


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


def place_after(lines: Sequence[OrderedLine], earlier: set[int]) -> int:
    """Index just after the first lines that are all `earlier`, and after the sub-items of the last one."""
    place = next((index for index, line in enumerate(lines) if line.pk not in earlier), len(lines))
    while place < len(lines) and lines[place].depth > 0:
        place += 1
    return place


def place_among(lines: Sequence[OrderedLine], point: int | None, earlier: set[int]) -> int:
    """Index of a sub-item of `point`, after those of its sub-items that are `earlier`."""
    index = next(place for place, line in enumerate(lines) if line.pk == point)
    parts = lines[index + 1 : block(lines, index)]
    return index + 1 + sum(line.pk in earlier for line in parts)


def place_below(lines: Sequence[OrderedLine], pk: int, depth: int) -> int | None:
    """Index of a new line below another: a point comes after the sub-items that are there. None: it is gone."""
    index = next((place for place, line in enumerate(lines) if line.pk == pk), None)
    if index is None:
        return None
    place = index + 1
    while depth == 0 and place < len(lines) and lines[place].depth > 0:
        place += 1
    return place


def place_before(lines: Sequence[OrderedLine], closing: Collection[int]) -> int:
    """Index of a new point at the end, before those that close the agenda (« Questions diverses »)."""
    place = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        if lines[index].depth == 0:
            if lines[index].pk not in closing:
                break
            place = index
    return place


def kind_of(title: str) -> AgendaKind:
    """The kind of a point that was typed or pasted as one line, from its first words; « Modifier » tells another."""
    words = title.casefold()
    return next((kind for begins, kind in KINDS_BY_WORDS.items() if words.startswith(begins)), AgendaKind.DISCUSSION)


def item_numbers(lines: Sequence[OrderedLine]) -> dict[int, str]:
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


def clock(lines: Sequence[LineTiming], starts_at: datetime, pause: Pause | None = None) -> dict[int, TimeSlot]:
    """When each line begins and ends; nobody works during the planned pause of the sitting.

    The break line that stands for the pause (`break_at_pause`) waits for it and ends with it. Where there is none, a
    point that would begin in the pause begins after it, one that meets the pause goes on after it.
    """
    meal = break_at_pause(lines, starts_at, pause) if pause else None
    cut = pause if meal is None else None
    found: dict[int, TimeSlot] = {}
    now = starts_at
    for index, line in enumerate(lines):
        if line.depth > 0:
            continue
        if pause and line.pk == meal:
            begun = max(now, pause[0])
            now = max(now, pause[1])
            found[line.pk] = TimeSlot(begun, now, minutes_between(begun, now))
            continue
        parts = parts_of(lines, index) or [line]
        for part in parts:
            found[part.pk] = slot_from(now, part.minutes, cut)
            now = found[part.pk].ends_at
        found[line.pk] = TimeSlot(found[parts[0].pk].starts_at, now, sum(part.minutes for part in parts))
    return found


def slot_from(now: datetime, minutes: int, pause: Pause | None) -> TimeSlot:
    """So many minutes of work from now on, around the pause."""
    if pause and pause[0] <= now < pause[1]:
        now = pause[1]
    ends_at = now + timedelta(minutes=minutes)
    if pause and now < pause[0] < ends_at:
        ends_at += pause[1] - pause[0]
    return TimeSlot(now, ends_at, minutes)


def break_at_pause(lines: Sequence[LineTiming], starts_at: datetime, pause: Pause) -> int | None:
    """Key of the break line that stands for the planned pause: the nearest one, unless it is a break of the morning.

    It is one when it comes more than an hour before the pause and work goes on into the pause.
    """
    slots = clock(lines, starts_at)
    breaks = [line.pk for line in lines if line.is_break and line.depth == 0 and slots[line.pk].starts_at < pause[1]]
    nearest = min(breaks, key=lambda pk: abs(slots[pk].starts_at - pause[0]), default=None)
    if nearest is None:
        return None
    is_near = pause[0] - slots[nearest].starts_at <= NEAR_PAUSE
    return nearest if is_near or max(slot.ends_at for slot in slots.values()) <= pause[0] else None


def parts_of(lines: Sequence[LineTiming], index: int) -> list[LineTiming]:
    """Sub-items that follow the item at `index`."""
    parts = []
    for line in lines[index + 1 :]:
        if line.depth == 0:
            break
        parts.append(line)
    return parts


def minutes_between(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)
