"""Try a step and take it back: the cells of one table share what was made once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


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
