"""Kinds of files that fill a list: members here, others added by higher apps. One mechanism writes them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assembly.institution.models import Term
from members.import_plan import ImportPlan
from members.models import ImportBatch
from members.rules import can_manage
from members.tabular import MOST_ROWS, FileTable

MEMBERS = "members"


@dataclass(frozen=True)
class ImportKind:
    """Kind of file. `plan(table, term)`: plan of each line. `may_import(user, term)`: who may send such a file.
    `write(row, batch)`: writes a line, and returns its counter; a ValidationError leaves the line out."""

    key: str
    plan: Callable[[FileTable, Term], ImportPlan]
    write: Callable[[dict[str, Any], ImportBatch], str]
    most_rows: int = MOST_ROWS
    may_import: Callable[[Any, Term], bool] = can_manage


kinds: dict[str, ImportKind] = {}


def add_import_kind(kind: ImportKind) -> None:
    kinds[kind.key] = kind
