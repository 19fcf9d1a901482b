"""Kinds of files that fill a list, added by the apps above. One mechanism writes them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assembly.imports.plan import ImportPlan
from assembly.imports.tables import MOST_ROWS, FileTable
from assembly.institution.models import Term
from assembly.institution.rules import is_team


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
