"""The kinds of files that fill a list: members here, others brought by apps above. One mechanism writes them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assembly.institution.models import Term
from members.import_plan import ImportPlan
from members.models import ImportBatch
from members.rules import can_manage
from members.tabular import MOST_ROWS, Table

MEMBERS = "members"


@dataclass(frozen=True)
class ImportKind:
    """`plan(table, term)`: what each line would do. `write(row, batch)`: does it, and returns which of the counters it
    adds to; a ValidationError leaves the line out. `may_import(user, term)`: who sends such a file."""

    key: str
    plan: Callable[[Table, Term], ImportPlan]
    write: Callable[[dict[str, Any], ImportBatch], str]
    most_rows: int = MOST_ROWS
    may_import: Callable[[Any, Term], bool] = can_manage


kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    kinds[kind.key] = kind
