"""The story is kept whole or not at all: none of its acts is ever taken back alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """One transaction without savepoints: they were a third of the statements, and no act needs the way back.

    An error caught inside still undoes everything: the connection then refuses whatever comes next.
    """
    features = connection.features
    usual = features.uses_savepoints
    with transaction.atomic():
        features.uses_savepoints = False
        try:
            yield
        finally:
            features.uses_savepoints = usual


def count_rows() -> None:
    """Before the commit nobody else counts rows, and the planner takes full tables for empty ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins > 0 ORDER BY relname")
        written = ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
        if written:
            cursor.execute(f"ANALYZE {written}")
