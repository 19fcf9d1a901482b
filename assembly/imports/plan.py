"""Plan of a file: each line becomes a plan (create, update, same) or errors. Nothing is written.

Columns say what a cell may contain; `columns.py` finds which column of a file each is. The kinds of files that fill a
list are added by the apps above; one mechanism writes them all.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from itertools import batched
from operator import itemgetter
from typing import Any, Protocol

from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from assembly.files.sheets import Kind
from assembly.imports.cells import InvalidCell, folded_text
from assembly.imports.models import LinePlan
from assembly.imports.tables import MOST_CELL, MOST_ROWS, FileTable
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.text.french import Label, shortened

RISKY = ("=", "+", "-", "@", "|", "%")


def choice_of(known: dict[str, Any], text: str, refusal: str) -> str:
    try:
        return str(known[folded_text(text)])
    except KeyError:
        raise InvalidCell(refusal) from None


def text_cell(limit: int) -> Callable[[str], str]:
    def clean(text: str) -> str:
        if text.startswith(RISKY):
            raise InvalidCell(_("Cette case ressemble à une formule. Écrivez sa valeur."))
        if len(text) > limit:
            raise InvalidCell(_("Ce texte est trop long : %(n)s signes au plus.") % {"n": limit})
        return text

    return clean


REFERENCE = "reference"


@dataclass(frozen=True)
class ImportColumn:
    """Field that a file fills. `headers`: other headers than its title, in the form of `folded_text`.

    `clean`: returns the value of a cell, or raises InvalidCell; without it a form judges the text, and `reads` says
    whether it would. `required`: there is no file without it. `identifies`: with other such columns, identifies the
    existing row of a line. `strict`: only a column whose cells it reads holds it, whatever the header.
    `choices`: the texts that the field reads, where they are few; `kind`: of its values; `is_needed`: a new row is not
    made without it. A model offers these.
    """

    key: str
    title: Any
    headers: tuple[str, ...] = ()
    clean: Callable[[str], Any] | None = None
    required: bool = False
    identifies: bool = False
    strict: bool = False
    reads: Callable[[str], Any] | None = None
    choices: tuple[str, ...] = ()
    kind: Kind = Kind.TEXT
    is_needed: bool = False

    def check(self, text: str) -> None:
        """Raise InvalidCell or ValidationError for a text that the field does not read."""
        if judge := self.clean or self.reads:
            judge(text)

    def read(self, text: str, *, is_formula: bool = False) -> Any:
        """Return the value of a cell; raise InvalidCell."""
        if is_formula:
            raise InvalidCell(
                _("Le résultat de cette formule n’est pas dans le fichier. Remplacez la formule par sa valeur.")
            )
        if len(text) > MOST_CELL:
            raise InvalidCell(_("Cette case est beaucoup trop longue : %(n)s signes au plus.") % {"n": MOST_CELL})
        if self.clean is None:
            return text
        if self.required and not text:
            raise InvalidCell(_("Cette case est vide."))
        return self.clean(text)


def read_header(
    header: list[str],
    columns: Sequence[ImportColumn],
    chosen: Mapping[int, str] | None = None,
    for_all: Collection[str] = (),
) -> tuple[dict[int, ImportColumn], list[str], list[str]]:
    """Return columns by index; sentences that stop the import; sentences that only inform.

    `chosen`: the field of each column by its index; without it, columns are known by their labels alone. `for_all`:
    the fields of which every line has a value without a column.
    """
    known = {column.key: column for column in columns}
    by_word = {word: column for column in columns for word in (folded_text(str(column.title)), *column.headers)}
    folded = {index: folded_text(title) for index, title in enumerate(header)}
    labelled = {index: by_word[title] for index, title in folded.items() if title in by_word}
    places = {index: known[key] for index, key in chosen.items() if key in known} if chosen else labelled
    keys = [column.key for column in places.values()]
    twice = [column.title for column in columns if keys.count(column.key) > 1]
    missing = [column.title for column in columns if column.required and column.key not in {*keys, *for_all}]
    stops = [_("La colonne « %(title)s » est là deux fois.") % {"title": title} for title in twice]
    stops += [_("La colonne « %(title)s » manque.") % {"title": title} for title in missing]
    unread = [title[:40] for index, title in enumerate(header) if title and index not in places]
    return places, stops, [_("La colonne « %(title)s » n’est pas lue.") % {"title": title} for title in unread]


CREATE, UPDATE, SAME, REFUSED = map(str, LinePlan)


class LineRejected(Exception):
    """A line cannot be imported. `errors`: the column, its value, the sentence that says why, for each problem."""

    def __init__(self, *errors: tuple[Any, str, str]) -> None:
        super().__init__(*errors)
        self.errors = errors


PART = 200  # lines that are planned, and saved, at once


@dataclass
class PlannedLine:
    """Line of a file with what will be written of it, else with what is wrong: column, value and sentence."""

    line: int
    cells: Sequence[str]
    entry: dict[str, Any] | None = None
    problems: list[dict[str, str]] = field(default_factory=list)

    @property
    def plan(self) -> str:
        return self.entry["plan"] if self.entry else REFUSED

    def refuse(self, column: str, value: str, message: str) -> None:
        self.problems.append({"column": column, "value": shortened(value, 80), "message": message})


class ImportPlan:
    """Plan of a file: what becomes of each line, made part by part as `lines` is read. `stops` forbid to confirm."""

    def __init__(self, table: FileTable, columns: Sequence[ImportColumn]) -> None:
        self.table = table
        self.known = {column.key: column for column in columns}
        self.columns, self.stops, notes = read_header(table.header, columns, table.places, table.for_all)
        self.notes = [*table.notes, *notes]
        self.first_lines: dict[Hashable, int] = {}
        self.plan_line: Callable[[int, dict[str, Any]], dict[str, Any]] | None = None
        self.prepare: Callable[[Sequence[dict[str, Any]]], None] | None = None

    def add_lines(
        self,
        plan_line: Callable[[int, dict[str, Any]], dict[str, Any]],
        prepare: Callable[[Sequence[dict[str, Any]]], None] | None = None,
    ) -> None:
        """Say what makes the plan of each line: `plan_line(line, cells by key)`; one that it rejects is left out.

        `prepare(cells of each line)`: what to look up for a whole part at once.
        """
        self.plan_line, self.prepare = plan_line, prepare

    def lines(self) -> Iterator[PlannedLine]:
        """Yield the lines in the order of the file."""
        both: list[Any] = [self.table.rows, self.table.left_out]
        in_order = merge(*both, key=itemgetter(0))
        return self._lines(in_order) if self.plan_line and not self.stops else iter(())

    def _lines(self, in_order: Iterator[tuple[Any, ...]]) -> Iterator[PlannedLine]:
        for part in batched(in_order, PART):
            read: list[tuple[PlannedLine, dict[str, Any] | None]] = []
            for line, cells, *reasons in part:
                planned = PlannedLine(line, cells)
                for reason in reasons:
                    planned.refuse("", next(filter(None, cells)), reason)
                read.append((planned, None) if reasons else self._read(planned))
            if self.prepare:
                self.prepare([data for _planned, data in read if data is not None])
            for planned, data in read:
                if data is not None:
                    self._plan(planned, data)
                yield planned

    def _read(self, planned: PlannedLine) -> tuple[PlannedLine, dict[str, Any] | None]:
        try:
            return planned, self.read_line(planned.line, planned.cells)
        except LineRejected as rejected:
            self._reject(planned, rejected)
            return planned, None

    def _plan(self, planned: PlannedLine, data: dict[str, Any]) -> None:
        try:
            planned.entry = self.plan_line(planned.line, data) | {"line": planned.line}  # type: ignore[misc]  # -- set
        except LineRejected as rejected:
            self._reject(planned, rejected)

    @staticmethod
    def _reject(planned: PlannedLine, rejected: LineRejected) -> None:
        for column, value, message in rejected.errors:
            planned.refuse(str(column), value, message)

    @cached_property
    def planned(self) -> list[PlannedLine]:
        """Return all lines at once, for a short file."""
        return list(self.lines())

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [each.entry for each in self.planned if each.entry]

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [{"line": each.line, **problem} for each in self.planned for problem in each.problems]

    def read_line(self, line: int, cells: Sequence[str]) -> dict[str, Any]:
        """Return the cells of a line by the key of their column; raise LineRejected with each invalid one."""
        data: dict[str, Any] = {}
        errors = []
        typed = self.table.corrections.get(line, {})
        texts = {
            column.key: (cells[index] if index < len(cells) else "", (line, index) in self.table.formulas)
            for index, column in self.columns.items()
        }
        texts |= {key: (text, False) for key, text in typed.items() if key in self.known}
        for key, text in self.table.for_all.items():
            if key in self.known and texts.get(key, ("", False)) == ("", False):
                texts[key] = (text, False)
        for key, (text, is_formula) in texts.items():
            column = self.known[key]
            try:
                data[key] = column.read(text, is_formula=is_formula)
            except InvalidCell as refused:
                errors.append((column.title, text, str(refused)))
        if errors:
            raise LineRejected(*errors)
        return data

    def earlier_line(self, key: Hashable, line: int) -> int | None:
        """Return the line before this one that has the same key."""
        first = self.first_lines.setdefault(key, line)
        return first if first != line else None


def shown_values(
    columns: Sequence[ImportColumn],
    values: Mapping[str, Any],
    labels: Mapping[str, Mapping[Any, Any]],
    before: Any = None,
) -> list[dict[str, str]]:
    """Return label and formatted value by column; with `before`, the former value of that row as well."""
    rows = []
    for column in columns:
        if values.get(column.key) not in (None, "", []):
            known = labels.get(column.key, {})
            entry = {"label": capfirst(str(column.title)), "text": str(known.get(value := values[column.key], value))}
            earlier = getattr(before, column.key, "")
            rows.append(entry | {"before": str(known.get(earlier, earlier) or "–")} if before else entry)
    return rows


@dataclass(frozen=True)
class ImportKind:
    """Kind of file. `columns(term)`: its fields. `plan(table, term)`: plan of each line.

    `may_import(user, term)`: who may send such a file. `write(row, batch, by)`: writes a new or changed row, and
    returns its counter; a ValidationError leaves it out. `undo(written, batch, by)`: takes back what a line wrote, as
    `write` left it in `row["written"]` (`written_facts`); a ValidationError says what prevents it. Without `undo`,
    `stays` says why an import of this list stays.
    """

    key: str
    columns: Callable[[Term], Sequence[ImportColumn]]
    plan: Callable[[FileTable, Term], ImportPlan]
    write: Callable[..., str]
    most_rows: int = MOST_ROWS
    may_import: Callable[[Any, Term], bool] = is_team
    undo: Callable[..., None] | None = None
    stays: Label = gettext_lazy("Rien ne retire une fiche de cette liste : corrigez ou fermez chacune depuis sa page.")


class ImportedRows(Protocol):
    """What a file reads and writes: see `ImportKind`. `columns()`: without what only a term says of them."""

    def columns(self) -> Sequence[ImportColumn]: ...

    def columns_in(self, term: Term) -> Sequence[ImportColumn]: ...

    def plan(self, table: FileTable, term: Term) -> ImportPlan: ...

    def write(self, entry: dict[str, Any], batch: Any, *, by: Any) -> str: ...


kinds: dict[str, ImportKind] = {}


def add_import_kind(kind: ImportKind) -> None:
    """Add a kind of file; raise ValueError for a key in use."""
    if kind.key in kinds:
        raise ValueError(f"Two kinds of files with the key {kind.key!r}.")
    kinds[kind.key] = kind
