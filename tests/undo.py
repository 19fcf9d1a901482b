"""Try a step and take it back: the cells of one table share what was made once."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is not kept; what was fetched inside must be fetched again."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
