"""Try a step and take it back: the cells of one table share what was made once."""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


def copies(row: Any) -> Callable[[], Any]:
    """`again = copies(row)`, then `again()` for each cell: the row and all it was fetched with, as they were then."""
    kept = pickle.dumps(row)
    return lambda: pickle.loads(kept)  # noqa: S301 -- our own bytes of a moment ago


@contextmanager
def told(*cell: object) -> Iterator[None]:
    """Whatever fails inside is told with the cell of the table where it failed."""
    try:
        yield
    except BaseException as fault:
        if cell:
            fault.add_note("In the cell " + ", ".join(map(str, cell)))
        raise


@contextmanager
def undone(*cell: object) -> Iterator[None]:
    """Whatever is written inside is not kept, after a look at its foreign keys; what fails is told with its cell.

    What was fetched or made inside must be fetched or made again.
    """
    with told(*cell), transaction.atomic():
        yield
        connection.check_constraints()
        transaction.set_rollback(True)
