"""What the projection of a draw shows after each name: the seats, the canton at hand, those before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _, ngettext

from draws.draws.queries.draw import DrawnCanton, DrawnName

ROW = 4  # names side by side; a larger canton has further rows
# Signs of the longest line of a name, and the size of letters that stays clear of the seats: fit-1 is the largest.
SINGLE_LINE, SPLIT_FROM = 10, 12
FITS = ((11, 2), (13, 3), (16, 4), (20, 5), (26, 6))
SMALLEST_FIT = 7


@dataclass(frozen=True)
class ProjectedSeat:
    """Seat in the order of the announcement; `sentence` is for screen readers, `awaited` stands before the name."""

    number: int
    person: DrawnName
    is_announced: bool
    awaited: str
    sentence: str


@dataclass(frozen=True)
class ProjectedRow:
    """Up to four seats of a canton with its name: what the screen shows while they are announced."""

    canton: int
    seats: Sequence[ProjectedSeat]
    name_lines: Sequence[str]
    fit: int
    following: str
    is_shown: bool

    @property
    def first(self) -> int:
        return self.seats[0].number

    @property
    def last(self) -> int:
        return self.seats[-1].number


@dataclass(frozen=True)
class ProjectedCanton:
    canton: int
    name: str
    people: Sequence[DrawnName]
    is_announced: bool


@dataclass(frozen=True)
class Projection:
    """State of the screen after `place` names; 0 is its first screen, before any name."""

    place: int
    total: int
    kinds: Sequence[str]
    rows: Sequence[ProjectedRow]
    cantons: Sequence[ProjectedCanton]
    opening: str

    @property
    def sentence(self) -> str:
        """Return what a screen reader says now."""
        seats = (seat for row in self.rows for seat in row.seats if seat.number == self.place)
        return next((seat.sentence for seat in seats), self.opening)

    @property
    def has_announced(self) -> bool:
        return any(canton.is_announced for canton in self.cantons)

    @property
    def previous(self) -> int | None:
        return self.place - 1 if self.place else None

    @property
    def next(self) -> int | None:
        return self.place + 1 if self.place < self.total else None


def seat_count(cantons: Sequence[DrawnCanton]) -> int:
    return sum(len(canton.people) for canton in cantons)


def name_lines(name: str) -> tuple[list[str], int]:
    """Return the lines of a canton's name and its size: cut at the first hyphen, a long one near its middle."""
    if len(name) <= SINGLE_LINE:
        return [name], 1
    cuts = [index + 1 for index, sign in enumerate(name) if sign in "- " and 0 < index < len(name) - 1]
    lines = [name]
    if cuts and len(name) >= SPLIT_FROM:
        lines = split_at(name, cuts[0])
        if longest(lines) > FITS[0][0]:
            lines = split_at(name, min(cuts, key=lambda cut: abs(cut - len(name) / 2)))
    return lines, next((fit for most, fit in FITS if longest(lines) <= most), SMALLEST_FIT)


def split_at(name: str, cut: int) -> list[str]:
    return [name[:cut], name[cut:]]


def longest(lines: Sequence[str]) -> int:
    return max(len(line) for line in lines)


def seat_kinds(cantons: Sequence[DrawnCanton], place: int) -> list[str]:
    """Return how each seat is drawn: announced, of the canton at hand, the next one there, or awaited."""
    kinds = []
    number = 0
    for canton in cantons:
        last = number + len(canton.people)
        is_at_hand = number < place <= last
        for _person in canton.people:
            number += 1
            if number <= place:
                kinds.append("current" if is_at_hand else "announced")
            else:
                kinds.append("next" if is_at_hand and number == place + 1 else "awaited")
    return kinds


def awaited_label(position: int) -> str:
    first = (_("premier siège…"), _("deuxième siège…"), _("troisième siège…"), _("quatrième siège…"))
    return first[position - 1] if position <= len(first) else _("%(n)se siège…") % {"n": position}


def seat_sentence(canton: DrawnCanton, position: int, person: DrawnName) -> str:
    return _("%(canton)s, siège %(n)s sur %(total)s : %(name)s") % {
        "canton": canton.name,
        "n": position,
        "total": len(canton.people),
        "name": person.name,
    }


def projection_of(cantons: Sequence[DrawnCanton], place: int) -> Projection:
    """Return the screen after `place` names, with everything that a script needs to go on without the network."""
    total = seat_count(cantons)
    rows: list[ProjectedRow] = []
    number = 0
    for index, canton in enumerate(cantons, start=1):
        first = number + 1
        seats = [
            ProjectedSeat(
                first + offset,
                person,
                first + offset <= place,
                awaited_label(offset + 1),
                seat_sentence(canton, offset + 1, person),
            )
            for offset, person in enumerate(canton.people)
        ]
        number += len(seats)
        lines, fit = name_lines(canton.name)
        following = cantons[index].name if index < len(cantons) else ""
        for begin in range(0, len(seats), ROW):
            row = seats[begin : begin + ROW]
            is_shown = row[0].number <= place <= row[-1].number
            rows.append(ProjectedRow(index, row, lines, fit, following, is_shown))
    at_hand = next((row for row in rows if row.is_shown), None)
    opening = ngettext("%(n)s siège à attribuer.", "%(n)s sièges à attribuer.", total) % {"n": total}
    return Projection(
        place,
        total,
        seat_kinds(cantons, place),
        rows,
        [
            ProjectedCanton(index, canton.name, canton.people, at_hand is not None and index < at_hand.canton)
            for index, canton in reversed(list(enumerate(cantons, start=1)))
        ],
        opening,
    )
