"""Try a step and take it back: the cells of one table share what was made once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def undone(*cell: object) -> Iterator[None]:
    """Whatever is written inside is not kept, after a look at its foreign keys; what fails is told with its cell.

    What was fetched or made inside must be fetched or made again.
    """
    with transaction.atomic():
        try:
            yield
            connection.check_constraints()
        except BaseException as fault:
            if cell:
                fault.add_note("In the cell " + ", ".join(map(str, cell)))
            raise
        transaction.set_rollback(True)
