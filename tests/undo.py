"""Try a step and take it back: the cells of one table share what was made once."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


def copies(row: Any) -> Callable[[], Any]:
    """Return a function: `again = copies(row)`, then `again()` gives a copy of the row with its fetched relations."""
    kept = pickle.dumps(row)
    return lambda: pickle.loads(kept)  # noqa: S301 -- our own bytes of a moment ago


@contextmanager
def told(*cell: object) -> Iterator[None]:
    """Add the cell of the table to any error raised inside."""
    try:
        yield
    except BaseException as fault:
        if cell:
            fault.add_note("In the cell " + ", ".join(map(str, cell)))
        raise


@contextmanager
def undone(*cell: object) -> Iterator[None]:
    """Check the constraints of what is written inside, then roll it back; add the cell to any error.

    Objects that were fetched or made inside must be fetched or made again.
    """
    with told(*cell), transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)
