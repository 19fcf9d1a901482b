"""Plan of a file: its columns, then each line becomes a plan (create, update, same) or errors. Nothing is written.

Columns say which headers people write, and what a cell may contain. The kinds of files that fill a list are added by
the apps above; one mechanism writes them all.
"""

import re
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.imports.tables import MOST_ROWS, FileTable
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.text.french import shortened

RISKY = ("=", "+", "-", "@", "|", "%")
MIDNIGHT = re.compile(r"(?<=\d)[ T]0?0:00(?::00)?$")  # written by programs behind a day that has no hour


def folded_text(text: str) -> str:
    """Return lower case without accents, tokens separated by one space: the form in which names are compared."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    letters = "".join(character for character in flat if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


class InvalidCell(Exception):
    """A cell is invalid; the message says why."""


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


@dataclass(frozen=True)
class ImportColumn:
    """Column of a file. `headers`: headers in the form of `folded_text`; `title`: header of the model file.
    `clean`: returns the value of a cell, or raises InvalidCell; without it a form judges the text. `required`: there
    is no file without it. `identifies`: with other such columns, identifies the existing row of a line."""

    key: str
    title: Any
    headers: tuple[str, ...]
    clean: Callable[[str], Any] | None = None
    required: bool = False
    identifies: bool = False

    def read(self, text: str, *, is_formula: bool) -> Any:
        """Return the value of a cell; raise InvalidCell."""
        if self.clean is None:
            return text
        if is_formula:
            raise InvalidCell(_("Cette case contient une formule. Remplacez-la par sa valeur."))
        if self.required and not text:
            raise InvalidCell(_("Cette case est vide."))
        return self.clean(text)


def read_header(
    header: list[str], columns: Sequence[ImportColumn]
) -> tuple[dict[int, ImportColumn], list[str], list[str]]:
    """Return columns by index; sentences that stop the import; sentences that only inform."""
    places: dict[int, ImportColumn] = {}
    by_word = {word: column for column in columns for word in column.headers}
    stops, notes = [], []
    for index, title in enumerate(header):
        column = by_word.get(folded_text(title))
        if column is None:
            if title:
                notes.append(_("La colonne « %(title)s » n’est pas lue.") % {"title": title[:40]})
        elif column in places.values():
            stops.append(_("La colonne « %(title)s » est là deux fois.") % {"title": column.title})
        else:
            places[index] = column
    for column in columns:
        if column.required and column not in places.values():
            stops.append(_("La colonne « %(title)s » manque.") % {"title": column.title})
    return places, stops, notes


CREATE, UPDATE, SAME = "create", "update", "same"


class LineRejected(Exception):
    """A line cannot be imported. `errors`: the column, its value, the sentence that says why, for each problem."""

    def __init__(self, *errors: tuple[Any, str, str]) -> None:
        super().__init__(*errors)
        self.errors = errors


class ImportPlan:
    """Plan of a file. `rows`: to be written; `errors`: line, column, value, sentence; `stops` forbid to confirm."""

    def __init__(self, table: FileTable, columns: Sequence[ImportColumn]) -> None:
        self.table = table
        self.columns, self.stops, notes = read_header(table.header, columns)
        self.notes = [*table.notes, *notes]
        self.rows: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.first_lines: dict[Hashable, int] = {}

    def counters(self) -> dict[str, int]:
        counters = {kind: sum(1 for row in self.rows if row["plan"] == kind) for kind in (CREATE, UPDATE, SAME)}
        return counters | {"refused": len({error["line"] for error in self.errors})}

    def add_lines(self, plan_line: Callable[[int, dict[str, Any]], dict[str, Any]]) -> None:
        """Add what `plan_line(line, cells by key)` returns of each line; one that it rejects is left out."""
        for line, cells in self.table.rows:
            try:
                self.rows.append(plan_line(line, self.read_line(line, cells)) | {"line": line})
            except LineRejected as rejected:
                for column, value, message in rejected.errors:
                    self.add_error(line, str(column), value, message)

    def read_line(self, line: int, cells: list[str]) -> dict[str, Any]:
        """Return the cells of a line by the key of their column; raise LineRejected with each invalid one."""
        data: dict[str, Any] = {}
        errors = []
        for index, column in self.columns.items():
            try:
                data[column.key] = column.read(cells[index], is_formula=(line, index) in self.table.formulas)
            except InvalidCell as refused:
                errors.append((column.title, cells[index], str(refused)))
        if errors:
            raise LineRejected(*errors)
        return data

    def add_error(self, line: int, column: str, value: str, message: str) -> None:
        self.errors.append({"line": line, "column": column, "value": shortened(value, 80), "message": message})

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
    """Kind of file. `plan(table, term)`: plan of each line. `may_import(user, term)`: who may send such a file.
    `write(row, batch, by)`: writes a new or changed row, and returns its counter; a ValidationError leaves it out."""

    key: str
    plan: Callable[[FileTable, Term], ImportPlan]
    write: Callable[..., str]
    most_rows: int = MOST_ROWS
    may_import: Callable[[Any, Term], bool] = is_team


kinds: dict[str, ImportKind] = {}


def add_import_kind(kind: ImportKind) -> None:
    kinds[kind.key] = kind
