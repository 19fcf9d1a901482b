"""Row locks in two strengths, and no third.

- `lock`: FOR NO KEY UPDATE, of the row that a step changes. One step of a row at a time.
- `share`: FOR SHARE, of a parent whose state must stay as it is until this transaction ends. Transactions that share
  a row do not block one another; a step of the parent waits for all of them.

Order: parent before child, a lower app before a higher one (docs/locks.md). A transaction that shares a row takes no
step of that row: two that climb from FOR SHARE deadlock. `lock` raises RuntimeError in this case. A transaction that
has locked a row may share it: what follows a step of the parent takes steps of its children.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from assembly.speed.queries import CompiledQuery
from assembly.web.errors import StateConflict


class _Held:
    """Mark of a row that is shared or locked, for as long as the transaction runs.

    It is stored among the callbacks of the commit, which Django drops with a transaction or a savepoint that is rolled
    back, as PostgreSQL drops the lock.
    """

    def __init__(self, row: models.Model, *, is_shared: bool) -> None:
        self.row = (type(row), row.pk)
        self.is_shared = is_shared
        # Django marks the block around a test, or around a whole demonstration: it is no transaction of an action.
        test_marks = [getattr(block, "_from_testcase", False) for block in connection.atomic_blocks]
        self.depth = test_marks.index(False) if False in test_marks else len(test_marks)
        self.savepoint = connection.savepoint_ids[self.depth - 1] if 0 < self.depth < len(test_marks) else None

    def __call__(self) -> None:
        """Do nothing at the commit."""

    def is_held(self) -> bool:
        """Return False once the savepoint of that action is over: a test runs several actions in one transaction."""
        return self.depth == 0 or (self.savepoint is not None and self.savepoint in connection.savepoint_ids)


def lock[Row: models.Model](row: Row, name: str = "") -> Row:
    """Lock the row after any other step of it, and refresh the copy in memory; related objects read before stay.

    Raises StateConflict for a row that is gone, RuntimeError when this transaction shares it already, and
    TransactionManagementError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A row is locked until the end of a transaction: there is none.")
    if _holds(row, is_shared=True):
        raise RuntimeError(f"{row._meta.label} {row.pk} is shared by this transaction: it cannot take a step of it.")
    fresh = next(_locking(type(row))(row.pk), None)
    if fresh is None:
        raise StateConflict(row, name)
    transaction.on_commit(_Held(row, is_shared=False))
    update_copy(row, fresh)
    return row


@cache
def _locking(model: Any) -> CompiledQuery[Any]:
    """Return the compiled statement: building it at each step of each row took longer than running it."""
    rows = model._base_manager.select_for_update(of=("self",), no_key=True)
    return CompiledQuery(lambda pk: rows.filter(pk=pk))


def share[Row: models.Model](rows: models.QuerySet[Row]) -> Row | None:
    """Return the one row of this queryset, locked FOR SHARE until this transaction ends; None where there is none.

    Django has no FOR SHARE: its own statement is sent with this clause appended.
    """
    table = rows.model._meta.db_table
    statement, values = rows.query.sql_with_params()
    for row in rows.model._base_manager.raw(f'{statement} FOR SHARE OF "{table}"', values):
        if not _holds(row, is_shared=False):
            transaction.on_commit(_Held(row, is_shared=True))
        return row
    return None


def update_copy(row: models.Model, fresh: models.Model) -> None:
    """Write the columns of `fresh` over those of `row`; a related object is dropped only where its key changed."""
    for name, value in _columns(fresh):
        if name not in row.__dict__ or row.__dict__[name] != value:
            setattr(row, name, value)


def _columns(row: models.Model) -> Iterable[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        if field.attname in row.__dict__:
            yield field.attname, row.__dict__[field.attname]


def _holds(row: models.Model, *, is_shared: bool) -> bool:
    key = (type(row), row.pk, is_shared)
    marks = (entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Held))
    return any((*mark.row, mark.is_shared) == key and mark.is_held() for mark in marks)
