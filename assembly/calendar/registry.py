"""Registries of the calendar, filled by the `contributions` of apps: sources of items, rooms, what may be added."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils import timezone
from icalendar import Event

from assembly.calendar.models import CalendarKind
from assembly.calendar.rules import LAST_DAY
from assembly.institution.models import Term
from assembly.text.french import local_day


@dataclass(frozen=True)
class CalendarItem:
    """Something in the calendar, which the reader may see.

    `uid`: unique among all items (`sitting-12`). `starts`, `ends`: moments, or days, of which the last is included;
    without `ends`, the day or the moment of `starts`. `users`: keys of the accounts concerned; empty for what concerns
    the whole team. `is_for_all`: it belongs in the personal calendar of every reader. `room`: key of the room; without
    one, a room named `place` is taken. `subject`: items of one subject, as a sitting and its booking, never clash.
    `move_url`: where another room or hour is chosen. `tone`: `late`, `waiting` or nothing. `note`: its state in words.
    `is_off`: cancelled, hence only in feeds. `event`: its entry in a feed, where it says more than the item.
    """

    kind: CalendarKind
    uid: str
    title: str
    url: str
    starts: datetime | date
    ends: datetime | date | None = None
    place: str = ""
    users: tuple[int, ...] = ()
    is_for_all: bool = False
    room: int | None = None
    subject: str = ""
    move_url: str = ""
    tone: str = ""
    note: str = ""
    is_off: bool = False
    event: Callable[[], Event] | None = None

    @property
    def has_hours(self) -> bool:
        return isinstance(self.starts, datetime)

    @cached_property
    def first_day(self) -> date:
        return local_day(self.starts)

    @cached_property
    def last_day(self) -> date:
        """Return the last day; what ends at midnight ends on the day before."""
        end = self.ends or self.starts
        if isinstance(end, datetime) and end > self.starts:
            end -= timedelta(microseconds=1)
        return local_day(end)

    def belongs_to(self, user: Any) -> bool:
        """Return whether it is in the personal calendar of this user."""
        return self.is_for_all or user.pk in self.users


@dataclass(frozen=True)
class Room:
    """Row of the page by room: something that may be booked."""

    key: int
    name: str
    detail: str
    url: str


@dataclass(frozen=True)
class CalendarAct:
    """What may be added from a cell: its label, and the address for a day and the row of the cell.

    The row is the key of an account, or of a room if it `takes_room`; None for the row of the whole team.
    """

    label: Any
    url: Callable[[date, int | None], str]
    can_open: Callable[[Any, Term], bool]
    order: int = 50
    takes_room: bool = False


type ItemSource = Callable[[Any, Term, date, date], Iterable[CalendarItem]]
type RoomSource = Callable[[Any, Term], Iterable[Room]]
_sources: list[tuple[CalendarKind, ItemSource]] = []
_rooms: list[RoomSource] = []
_acts: list[CalendarAct] = []


def add_calendar_source(kind: CalendarKind, source: ItemSource) -> None:
    """Add a source: `source(user, term, first, last)` yields the items of these days that the user may see.

    Its statements must not depend on the number of rows. It is not read while its kind is hidden.
    """
    _sources.append((kind, source))


def add_rooms(source: RoomSource) -> None:
    """Add rows to the page by room: `source(user, term)` yields the rooms that the user may book."""
    _rooms.append(source)


def add_calendar_act(act: CalendarAct) -> None:
    """Add a choice to « Ajouter »; the first one is what a click in a cell opens (by room, the first for rooms)."""
    _acts.append(act)
    _acts.sort(key=lambda one: one.order)


def kinds_in_use() -> list[CalendarKind]:
    """Return the kinds that have a source, in their order."""
    known = {kind for kind, _source in _sources}
    return [kind for kind in CalendarKind if kind in known]


def items_between(user: Any, term: Term, first: date, last: date, without: Collection[str] = ()) -> list[CalendarItem]:
    """Return the items of these days, by their beginning; on one day, those without hours first."""
    items = [item for kind, source in _sources if kind not in without for item in source(user, term, first, last)]
    return sorted(items, key=lambda item: (item.first_day, item.has_hours, midnight_or(item.starts), item.title))


PAST = timedelta(days=366)


def items_of_feed(user: Any, terms: Iterable[Term]) -> list[CalendarItem]:
    """Return the items of these terms for a calendar program: of the last year, and all those to come, each once."""
    first = timezone.localdate() - PAST
    items = {item.uid: item for term in terms for item in items_between(user, term, first, LAST_DAY)}
    return list(items.values())


def rooms_of(user: Any, term: Term) -> list[Room]:
    return [room for source in _rooms for room in source(user, term)]


def acts_of(user: Any, term: Term) -> list[CalendarAct]:
    return [act for act in _acts if act.can_open(user, term)]


def midnight_or(value: date | datetime) -> datetime:
    """Return a moment as it is, a day as its first moment in local time."""
    return value if isinstance(value, datetime) else timezone.make_aware(datetime.combine(value, time.min))


def deadline(uid: str, title: str, url: str, day: date, users: Iterable[int | None] = ()) -> CalendarItem:
    """Return the item of a day by which something is due, late once it is past; `users`: in charge, without None."""
    tone = "late" if day < timezone.localdate() else ""
    in_charge = tuple(key for key in users if key is not None)
    return CalendarItem(CalendarKind.DEADLINE, uid, title, url, day, users=in_charge, tone=tone)


def overlapping(first: date, last: date, starts: str = "starts_at", ends: str = "ends_at") -> Q:
    """Return the condition on columns of moments for what happens between two days, both included."""
    begin, after = midnight_or(first), midnight_or(last + timedelta(days=1))
    return Q(**{f"{starts}__lt": after}) & (Q(**{f"{ends}__gt": begin}) | Q(**{f"{starts}__gte": begin}))
