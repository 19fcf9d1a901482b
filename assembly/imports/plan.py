"""Plan of a file: each line becomes a plan (create, update, same) or an error. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.imports.columns import ImportColumn, InvalidCell
from assembly.imports.tables import FileTable

CREATE, UPDATE, SAME = "create", "update", "same"


class LineRejected(Exception):
    """A line cannot be imported: the column, its value, the sentence that says why."""

    def __init__(self, column: str, value: str, message: str) -> None:
        self.column, self.value = column, value
        super().__init__(message)


@dataclass
class ImportPlan:
    """Plan of a file. `rows`: to be written; `errors`: line, column, value, sentence; `stops` forbid to confirm."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)

    def counters(self) -> dict[str, int]:
        counters = {kind: sum(1 for row in self.rows if row["plan"] == kind) for kind in (CREATE, UPDATE, SAME)}
        return counters | {"refused": len({error["line"] for error in self.errors})}


def read_line(
    table: FileTable, line: int, cells: list[str], columns: dict[int, ImportColumn], plan: ImportPlan
) -> tuple[dict[str, Any], bool]:
    """Clean each cell of a line; return False with the data when a cell is invalid."""
    data: dict[str, Any] = {}
    wrong = False
    for index, column in columns.items():
        try:
            if (line, index) in table.formulas:
                raise InvalidCell(_("Cette case contient une formule. Remplacez-la par sa valeur."))
            if column.required and not cells[index]:
                raise InvalidCell(_("Cette case est vide."))
            data[column.key] = column.clean(cells[index])
        except InvalidCell as refused:
            wrong = True
            add_error(plan, line, str(column.title), cells[index], str(refused))
    return data, not wrong


def add_error(plan: ImportPlan, line: int, column: str, value: str, message: str) -> None:
    plan.errors.append({"line": line, "column": column, "value": value[:80], "message": message})


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
