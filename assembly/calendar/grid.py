"""The page as a table: rows are people, rooms or weeks, columns days or weeks; rooms that are taken twice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from assembly.calendar.models import KIND_LABELS, CalendarKind
from assembly.calendar.registry import CalendarAct, CalendarItem, Room
from assembly.text.french import NBSP, format_time, local_day, month_short

WEEK, FRIDAY = 7, 4
MOST = 4  # lines of a day in the table of a month; the day itself shows all of them


@dataclass(frozen=True)
class Agent:
    """Somebody of the team, as a row and as initials beside an item."""

    key: int
    name: str
    role: str
    colour: int

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:1] + self.name.split()[1:][-1:]).upper()


@dataclass(frozen=True)
class DayColumn:
    """Days of a column, one or seven. `url`: the page of that day or week."""

    label: str
    name: str
    first: date
    last: date
    url: str
    is_today: bool = False
    is_free: bool = False

    @property
    def is_day(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True)
class CalendarLine:
    """Item as one day or one cell shows it."""

    item: CalendarItem
    hours: str
    people: Sequence[Agent] = ()
    is_clash: bool = False

    @property
    def icon(self) -> str:
        return KIND_LABELS[self.item.kind][0]

    @property
    def noun(self) -> Any:
        return KIND_LABELS[self.item.kind][1]

    @property
    def detail(self) -> str:
        """Return « séance, salle Garonne »."""
        return ", ".join(str(part) for part in (self.noun, self.item.note, self.item.place) if part)

    @property
    def classes(self) -> str:
        is_of_sitting = self.item.subject.startswith("sitting-")
        own = "is-sitting" if is_of_sitting else "is-booking" if self.item.kind == CalendarKind.BOOKING else ""
        names = (own, "" if self.hours else "is-line", f"is-{self.item.tone}" if self.item.tone else "")
        return " ".join(filter(None, ("event", *names, "is-clash" if self.is_clash else "")))


@dataclass
class CalendarCell:
    column: DayColumn
    lines: list[CalendarLine] = field(default_factory=list)
    away: str = ""
    add_url: str = ""
    hidden: int = 0


@dataclass(frozen=True)
class CalendarRow:
    name: str
    detail: str
    url: str
    cells: list[CalendarCell]
    agent: Agent | None = None


@dataclass(frozen=True)
class Clash:
    """Two items in one room at once. `url`: where another room is chosen for the second one."""

    room: str
    day: date
    first: str
    second: str
    hours: str
    url: str


def day_short(day: date) -> str:
    """Return « lun. 30 », « mar. 1er »."""
    return f"{date_format(day, 'D').lower().rstrip('.')}.{NBSP}{day_number(day)}"


def day_long(day: date) -> str:
    """Return « lundi 30 novembre »."""
    return f"{date_format(day, 'l')} {day_number(day)}{NBSP}{date_format(day, 'F')}"


def day_number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


type DayLink = Callable[[date], str]


def columns_by_day(days: Iterable[date], today: date, link: DayLink) -> list[DayColumn]:
    return [
        DayColumn(day_short(day), day_long(day), day, day, link(day), day == today, day.weekday() > FRIDAY)
        for day in days
    ]


def week_columns(weeks: Iterable[date], today: date, link: DayLink) -> list[DayColumn]:
    ends = ((monday, monday + timedelta(days=6)) for monday in weeks)
    return [
        DayColumn(label := week_label(first, last), label, first, last, link(first), first <= today <= last)
        for first, last in ends
    ]


def week_label(first: date, last: date) -> str:
    """Return « 30 nov. – 6 déc. », « 7 – 13 déc. »."""
    start = str(first.day) if first.month == last.month else f"{first.day}{NBSP}{month_short(first)}"
    return f"{start} – {last.day}{NBSP}{month_short(last)}"


def hours_on(item: CalendarItem, first: date, last: date, *, with_end: bool) -> str:
    """Return the hours of an item in the cell of these days; empty for what has none."""
    if not isinstance(item.starts, datetime):
        return ""
    day = f"{day_short(item.first_day)}, " if last > first else ""
    end = item.ends if isinstance(item.ends, datetime) else None
    if item.first_day < first:
        return _("jusqu’à %(hour)s") % {"hour": format_time(end)} if end and local_day(end) <= last else _("journée")
    start = format_time(item.starts)
    if not (with_end and end):
        return day + start
    if item.last_day > item.first_day:
        return day + _("dès %(hour)s") % {"hour": start}
    return f"{day}{start}-{format_time(end)}"


def is_in(item: CalendarItem, first: date, last: date) -> bool:
    return item.first_day <= last and item.last_day >= first


def without_rooms_of_sittings(items: Sequence[CalendarItem]) -> list[CalendarItem]:
    """Return the items without the bookings for a sitting on its day: outside the page by room they repeat it."""
    sittings = {(item.subject, item.first_day) for item in items if item.kind == CalendarKind.SITTING}
    return [
        item for item in items if item.kind != CalendarKind.BOOKING or (item.subject, item.first_day) not in sittings
    ]


class Grid:
    """Table and list of the items of some days."""

    def __init__(
        self,
        items: Sequence[CalendarItem],
        agents: Sequence[Agent],
        rooms: Sequence[Room],
        acts: Sequence[CalendarAct],
        page_of: Callable[[int], str],
    ) -> None:
        self.items = items
        self.items_outside_rooms = without_rooms_of_sittings(items)
        self.agents = {agent.key: agent for agent in agents}
        self.rooms = rooms
        self.acts = acts
        self.page_of = page_of

    def by_person(self, columns: Sequence[DayColumn]) -> list[CalendarRow]:
        """Return the row of the whole team, then one for each agent."""
        own: dict[int, list[CalendarItem]] = defaultdict(list)
        for item in self.items_outside_rooms:
            for key in {key for key in item.users if key in self.agents} or {0}:
                own[key].append(item)
        count = len(self.agents)
        detail = ngettext("%(n)s personne", "%(n)s personnes", count)
        team = CalendarRow(_("Toute l’équipe"), detail % {"n": count}, "", self.cells(columns, own[0]))
        return [
            team,
            *(
                CalendarRow(agent.name, agent.role, self.page_of(agent.key), cells, agent)
                for agent in self.agents.values()
                for cells in [self.cells(columns, own[agent.key], agent=agent)]
            ),
        ]

    def by_room(self, columns: Sequence[DayColumn]) -> list[CalendarRow]:
        clashing = {item.uid for _room, pair in self.clashing_pairs() for item in pair}
        return [
            CalendarRow(room.name, room.detail, room.url, self.cells(columns, items, room=room, clashing=clashing))
            for room, items in self.items_by_room()
        ]

    def by_week(self, columns: Sequence[DayColumn]) -> list[CalendarRow]:
        """Return the days in rows of a week; a day of several weeks shows its first lines."""
        rows = []
        for start in range(0, len(columns), WEEK):
            cells = self.cells(columns[start : start + WEEK], self.items_outside_rooms)
            for cell in cells if len(columns) > WEEK else ():
                cell.hidden = len(cell.lines) - MOST if len(cell.lines) > MOST + 1 else 0
                del cell.lines[len(cell.lines) - cell.hidden :]
            rows.append(CalendarRow(week_label(cells[0].column.first, cells[-1].column.last), "", "", cells))
        return rows

    def cells(
        self,
        columns: Sequence[DayColumn],
        items: Sequence[CalendarItem],
        *,
        room: Room | None = None,
        clashing: Iterable[str] = (),
        agent: Agent | None = None,
    ) -> list[CalendarCell]:
        """Return the cells of a row; an absence of the agent of the row fills the cell instead of a line."""
        cells = []
        for column in columns:
            present = [item for item in items if is_in(item, column.first, column.last)]
            away = [item for item in present if agent and item.kind == CalendarKind.ABSENCE]
            lines = [
                CalendarLine(
                    item,
                    hours_on(item, column.first, column.last, with_end=room is not None),
                    is_clash=item.uid in clashing,
                )
                for item in present
                if item not in away
            ]
            label = str(KIND_LABELS[CalendarKind.ABSENCE][1]) if away else ""
            cells.append(CalendarCell(column, lines, label, self.add_url(column, room, agent)))
        return cells

    def add_url(self, column: DayColumn, room: Room | None, agent: Agent | None) -> str:
        """Return the address of what a click in a cell adds; empty for who may add nothing.

        In a cell of several days it is the page of these days, where the click chooses one.
        """
        act = next((act for act in self.acts if act.takes_room or not room), None)
        if act is None:
            return ""
        row = room if act.takes_room else agent
        return act.url(column.first, row.key if row else None) if column.is_day else column.url

    def days(self, columns: Iterable[DayColumn]) -> list[tuple[DayColumn, list[CalendarLine]]]:
        """Return the list of a phone: each day with what happens on it and whom it concerns."""
        return [
            (
                column,
                [
                    CalendarLine(
                        item,
                        hours_on(item, column.first, column.last, with_end=False),
                        [self.agents[key] for key in item.users if key in self.agents],
                    )
                    for item in self.items_outside_rooms
                    if is_in(item, column.first, column.last)
                ],
            )
            for column in columns
        ]

    def items_by_room(self) -> list[tuple[Room, list[CalendarItem]]]:
        """Return what takes each room: by its key, else by its name where the place of a sitting is written.

        A sitting is not shown beside its booking of that room, unless it is at other hours.
        """
        by_name = {room.name.casefold(): room.key for room in self.rooms}
        placed: dict[int, list[CalendarItem]] = {room.key: [] for room in self.rooms}
        for item in self.items:
            key = item.room if item.room else by_name.get(item.place.casefold()) if item.has_hours else None
            if key in placed:
                placed[key].append(item)
        for key, items in placed.items():
            bookings = [item for item in items if item.room]
            placed[key] = [
                item for item in items if item.room or not any(is_booking_for(one, item) for one in bookings)
            ]
        return [(room, placed[room.key]) for room in self.rooms]

    def clashing_pairs(self) -> list[tuple[Room, tuple[CalendarItem, CalendarItem]]]:
        pairs = []
        for room, items in self.items_by_room():
            timed = [item for item in items if item.has_hours and item.ends]
            pairs += [(room, pair) for pair in combinations(timed, 2) if overlap(*pair)]
        return pairs

    def clashes(self) -> list[Clash]:
        """Return each room that two subjects take at once, with what to do about it."""
        rows = []
        for room, (one, other) in self.clashing_pairs():
            start: Any = max(one.starts, other.starts)
            end: Any = min(one.ends, other.ends)  # type: ignore[type-var]  # -- both have one
            hours = _("de %(start)s à %(end)s") % {"start": format_time(start), "end": format_time(end)}
            movable = next((item for item in (other, one) if item.move_url), other)
            url = movable.move_url or movable.url
            rows.append(Clash(room.name, local_day(start), one.title, other.title, hours, url))
        return rows


def is_booking_for(booking: Any, item: Any) -> bool:
    """Return whether a booking is for this item, from its beginning to its end."""
    is_same = bool(booking.subject) and booking.subject == item.subject
    return is_same and booking.starts <= item.starts and item.ends <= booking.ends


def overlap(one: Any, other: Any) -> bool:
    """Return whether two items of different subjects overlap; one may begin when the other ends."""
    is_same = one.subject and one.subject == other.subject
    return not is_same and one.starts < other.ends and other.starts < one.ends


def first_of_days(
    items: Sequence[CalendarItem], columns: Sequence[DayColumn], most: int
) -> list[tuple[DayColumn, list[CalendarLine], int]]:
    """Return each day with its first lines, and how many more there are."""
    days = Grid(items, [], [], [], lambda key: "").days(columns)
    return [(column, lines[:most], max(0, len(lines) - most)) for column, lines in days]
