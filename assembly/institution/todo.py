"""To-do lists (« À faire »): what a person has to do, in one list per area, filled by the `contributions` of apps.

The module stands below the platform apps, so that any app may contribute; `assembly.portal` only shows it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.db.models import Count, DateField, F, Func, Q, QuerySet, Value, Window
from django.db.models.functions import Cast, Coalesce, JSONObject, RowNumber
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from assembly.fragments.cache import cached_pieces, row_values
from assembly.institution.menu import check_area
from assembly.institution.models import Term
from assembly.institution.queries import ReaderQuery
from assembly.institution.rules import reader_values
from assembly.text.french import Alphabetical, alphabetical, one_colon

ALL = 1_000_000  # lines of one list: more than any reader will see
HORIZON = timedelta(days=14)  # what is due later stands in a tray of the first screen
MOST_SHOWN = 5  # lines of each list of the first screen


class Tray(Enum):
    """Lines that stand together on the first screen as one number that opens them: a slug, a label for a number."""

    LETTERS = "lettres", ngettext_lazy("lettre à imprimer ou à remettre", "lettres à imprimer ou à remettre", "n")
    RETURNED = "retours", ngettext_lazy("courriel revenu", "courriels revenus", "n")
    CLAIMS = "frais", ngettext_lazy("remboursement à traiter", "remboursements à traiter", "n")
    CANDIDATES = "candidatures", ngettext_lazy("candidature à examiner", "candidatures à examiner", "n")
    REGISTERS = "registres", ngettext_lazy("échéance de registre", "échéances de registres", "n")
    LATER = "plus-tard", ngettext_lazy("échéance plus lointaine", "échéances plus lointaines", "n")
    EXPECTED = "attentes", ngettext_lazy("autre attente", "autres attentes", "n")
    MORE = "autres", ngettext_lazy("autre chose à faire", "autres choses à faire", "n")

    @property
    def slug(self) -> str:
        return self.value[0]

    def count_label(self, n: int) -> str:
        """Return what so many of it are called, without the number."""
        return str(self.value[1] % {"n": n})


@dataclass(frozen=True)
class LineButton:
    """Button of a line: a link to the page of the act (a GET never writes).

    With `posts` (a field and its value), the tap itself acts: it is posted to `url`, which returns to a script what
    replaces the line.
    """

    label: Any
    url: str
    posts: tuple[str, str] | None = None


@dataclass(frozen=True)
class ToDo:
    """Line of a to-do list: what to do (a question or a verb), what it is about, the due day, the address.

    `counts_tasks`: it only says how many tasks wait, and is left out where these are listed. `tray`: where the first
    screen counts it; `items`: how many letters, claims, … it stands for. `is_expected`: somebody else has to act.
    `is_early`: one has to act long before its day, as for the notice of a contract.
    """

    title: Any
    url: str
    detail: Any = ""
    due_on: date | None = None
    acts: tuple[LineButton, ...] = ()
    counts_tasks: bool = False
    tray: Tray | None = None
    items: int = 1
    is_expected: bool = False
    is_early: bool = False

    def __post_init__(self) -> None:
        """Put a title that holds a colon between guillemets after that of the line."""
        object.__setattr__(self, "title", one_colon(str(self.title)))


@dataclass(frozen=True)
class PendingRows:
    """Rows pending for a reader in a term, counted in the database: only those that are shown are formatted.

    `line` formats one row, a dict of `fields` (names of columns, or expressions); days and moments come as ISO text.
    `due` is the due day: the name of a column, or a function that returns an expression. `sort_field` is the one of
    `fields` that sorts the lines of one day: the list is cut in that order.
    """

    rows: Callable[[Any, Any], QuerySet[Any]]
    fields: dict[str, Any]
    line: Callable[[dict[str, Any]], ToDo]
    due: str | Callable[[], Any] = ""
    sort_field: str = ""

    def select_first(self, user: Any, term: int, place: int, most: int) -> QuerySet[Any]:
        """Return the first overdue rows and the first upcoming ones, each with the count of its kind."""
        due = self.due() if callable(self.due) else F(self.due) if self.due else Cast(Value(None), DateField())
        rows = self.rows(user, term).order_by().annotate(waiting_due=due)
        rows = rows.annotate(waiting_late=Coalesce(Q(waiting_due__lt=timezone.localdate()), False))
        by_text = [Alphabetical(self.fields[self.sort_field])] if self.sort_field else []
        rows = rows.annotate(
            waiting_list=Value(place),
            waiting_place=Window(
                RowNumber(),
                partition_by="waiting_late",
                order_by=[F("waiting_due").asc(nulls_last=True), *by_text, "pk"],
            ),
            waiting_count=Window(Count("*"), partition_by="waiting_late"),
            waiting_row=JSONObject(**self.fields),
        )
        names = ("waiting_list", "waiting_place", "waiting_late", "waiting_due", "waiting_count", "waiting_row")
        return rows.filter(waiting_place__lte=most).values_list(*names)


class PendingLists:
    """Lists of an app for one area, read in one statement, since most are empty."""

    def __init__(self, *lists: PendingRows) -> None:
        self.lists = lists
        self.read: ReaderQuery[tuple[Any, ...]] = ReaderQuery(self.union_of_lists)

    def union_of_lists(self, user: Any, term: int, most: int) -> QuerySet[Any, tuple[Any, ...]]:
        first, *rest = [each.select_first(user, term, place, most) for place, each in enumerate(self.lists)]
        return first.union(*rest, all=True).order_by("waiting_list", "waiting_late", "waiting_place")

    def backlog(self, user: Any, term: Term, most: int) -> "Backlog":
        waiting: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]] = [], []
        counts: dict[tuple[int, bool], int] = {}
        for place, _place, is_late, due, count, row in self.read(user, term, most):
            waiting[not is_late].append((due or date.max, due, place, row))
            counts[place, is_late] = count
        late_lines, coming = (
            [replace(self.lists[place].line(row), due_on=due) for _day, due, place, row in first_days(part, most)]
            for part in waiting
        )
        late = sum(count for (_place, is_late), count in counts.items() if is_late)
        return Backlog(late_lines, coming, late, sum(counts.values()) - late)


def first_days(rows: list[tuple[Any, ...]], most: int) -> list[tuple[Any, ...]]:
    """Return the rows that may be among the first `most`; within one day their texts decide the order.

    Each row has its day as first column.
    """
    last = sorted(row[0] for row in rows)[:most][-1:]
    return [row for row in rows if row[0] <= last[0]]


class PendingGroups:
    """Objects with parts that are pending for several reasons, as an opinion with its answers: counted in one pass.

    A row holds under each name of `lines` how many are pending, and under `<name>_due` their due day, if there is one;
    the function of that name formats it, with that number as `n`. Rows of one day keep the order in which they are
    read.
    """

    def __init__(
        self,
        read: Callable[[Any, Term], Iterable[dict[str, Any]]],
        lines: Mapping[str, Callable[[dict[str, Any]], ToDo]],
    ) -> None:
        self.read = read
        self.lines = lines

    def backlog(self, user: Any, term: Term, most: int) -> "Backlog":
        rows = list(self.read(user, term))
        return merged_backlogs((self.waiting(name, rows, most) for name in self.lines), most)

    def waiting(self, name: str, rows: list[dict[str, Any]], most: int) -> "Backlog":
        today = timezone.localdate()
        dated_rows = [(row.get(f"{name}_due"), row) for row in rows if row[name]]
        dated_rows.sort(key=lambda each: each[0] or date.max)
        late = [each for each in dated_rows if (each[0] or date.max) < today]
        pressing_lines, coming = (
            [replace(self.lines[name](row | {"n": row[name]}), due_on=due) for due, row in part[:most]]
            for part in (late, dated_rows[len(late) :])
        )
        return Backlog(pressing_lines, coming, len(late), len(dated_rows) - len(late))


@dataclass(frozen=True)
class Backlog:
    """Pending lines of a reader: the first overdue ones and the first upcoming ones, and the count of each."""

    late: list[ToDo]
    coming: list[ToDo]
    late_count: int
    coming_count: int

    @property
    def lines(self) -> list[ToDo]:
        return [*self.late, *self.coming]

    @property
    def count(self) -> int:
        return self.late_count + self.coming_count

    @property
    def hidden_late(self) -> int:
        return self.late_count - len(self.late)

    @property
    def hidden_coming(self) -> int:
        return self.coming_count - len(self.coming)

    @property
    def hidden(self) -> int:
        return self.hidden_late + self.hidden_coming


class DaysFrom(Func):
    """Expression for so many days after a day, or before it.

    Example: `DaysFrom(TruncDate("starts_at"), "term__notice_days", sign="-")`.
    """

    template = "(%(expressions)s)"
    output_field = DateField()

    def __init__(self, day: Any, days: Any, sign: str = "+") -> None:
        super().__init__(day, days, arg_joiner=f" {sign} ")


def day_of(text: str | None) -> date | None:
    """Parse the day in a row of `PendingRows`, or return the local day of the moment in it."""
    if not text:
        return None
    return timezone.localdate(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)


Pending = ToDo | PendingLists | PendingGroups
Provider = Callable[[Any, Term], Iterable[Pending]]
_providers: dict[str, list[Provider]] = {}


def add_to_do(area: str, provider: Provider) -> None:
    """Add lines to an area (`AREAS`, else ValueError): provider(user, term) yields what that user has to do.

    It yields single lines, and lists or groups of which only the first lines are formatted.
    """
    check_area(area)
    _providers.setdefault(area, []).append(provider)


def todo_for(user: Any, area: str, term: Term, most: int = ALL) -> Backlog:
    """Return what is pending for `user`, the most urgent first, at most so many of each kind; without a day last."""
    reader = (area, most, row_values(term), reader_values(user))

    def made_by(provider: Provider) -> Callable[[], Backlog]:
        return lambda: backlog_of(provider(user, term), user, term, most)

    pieces = {f"{each.__module__}.{each.__qualname__}": made_by(each) for each in _providers.get(area, [])}
    return merged_backlogs(cached_pieces(("todo", *reader), pieces), most)


def backlog_of(pending: Iterable[Pending], user: Any, term: Term, most: int = ALL) -> Backlog:
    """Return the backlog of one provider."""
    parts = (backlog_of_line(each) if isinstance(each, ToDo) else each.backlog(user, term, most) for each in pending)
    return merged_backlogs(parts, most)


def backlog_of_line(line: ToDo) -> Backlog:
    is_late = line.due_on is not None and line.due_on < timezone.localdate()
    return Backlog([line], [], 1, 0) if is_late else Backlog([], [line], 0, 1)


def merged_backlogs(backlogs: Iterable[Backlog], most: int) -> Backlog:
    parts = list(backlogs)
    return Backlog(
        most_urgent((line for part in parts for line in part.late), most),
        most_urgent((line for part in parts for line in part.coming), most),
        sum(part.late_count for part in parts),
        sum(part.coming_count for part in parts),
    )


def most_urgent(lines: Iterable[ToDo], most: int) -> list[ToDo]:
    """Return the first lines by their day, those without one last; within a day by their titles."""
    by_day = sorted(
        lines, key=lambda line: (line.due_on is None, line.due_on or date.max, alphabetical(str(line.title)))
    )
    return by_day[:most]


@dataclass(frozen=True)
class TrayCount:
    """Number of a tray. `lines`: of the list; `items`: what they stand for; `late`: lines that are overdue."""

    tray: Tray
    lines: int
    items: int
    late: int

    @property
    def label(self) -> str:
        return self.tray.count_label(self.items)


@dataclass(frozen=True)
class FirstScreen:
    """Pending lines as the first screen of the desk shows them: each line stands in one of the three, once."""

    acts: list[ToDo]
    expected: list[ToDo]
    trays: list[TrayCount]

    def tray(self, tray: Tray) -> TrayCount | None:
        return next((each for each in self.trays if each.tray is tray), None)

    @property
    def more(self) -> TrayCount | None:
        return self.tray(Tray.MORE)

    @property
    def more_expected(self) -> TrayCount | None:
        return self.tray(Tray.EXPECTED)

    @property
    def named_trays(self) -> list[TrayCount]:
        """Return the trays that stand below the week; the two others are links below their list."""
        return [each for each in self.trays if each.tray not in (Tray.MORE, Tray.EXPECTED)]


def tray_of(line: ToDo, today: date) -> Tray | None:
    """Return the tray of a line; None for what the reader has to do soon."""
    if line.tray or line.is_expected:
        return line.tray or Tray.EXPECTED
    is_far = line.due_on is not None and line.due_on > today + HORIZON and not line.is_early
    return Tray.LATER if is_far else None


def first_screen(lines: Iterable[ToDo], today: date) -> FirstScreen:
    """Divide lines, the most urgent first, into the first acts, what is first expected of others, and trays."""
    shown: dict[Tray | None, list[ToDo]] = {None: [], Tray.EXPECTED: []}
    counted: dict[Tray, list[ToDo]] = defaultdict(list)
    for line in lines:
        tray = tray_of(line, today)
        if tray in shown and len(shown[tray]) < MOST_SHOWN:
            shown[tray].append(line)
        else:
            counted[tray or Tray.MORE].append(line)
    trays = [
        TrayCount(
            tray,
            len(counted[tray]),
            sum(line.items for line in counted[tray]),
            sum(line.due_on is not None and line.due_on < today for line in counted[tray]),
        )
        for tray in Tray
        if tray in counted
    ]
    return FirstScreen(shown[None], shown[Tray.EXPECTED], trays)
