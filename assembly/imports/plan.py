"""Plan of a file: each line becomes a plan (create, update, same) or errors. Nothing is written.

The kinds of files that fill a list are added by the apps above; one mechanism writes them all.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from assembly.imports.columns import ImportColumn, InvalidCell, read_header
from assembly.imports.tables import MOST_ROWS, FileTable
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.text.french import shortened

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
