"""Single transaction of the demonstration: none of its actions is ever rolled back alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def single_transaction() -> Iterator[None]:
    """Open one transaction without savepoints, which were a third of the statements.

    No action is rolled back alone. An error caught inside still undoes everything: the connection then refuses every
    further statement.
    """
    features = connection.features
    usual = features.uses_savepoints
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # noqa: SLF001 -- as around a test: each action has its own locks (assembly.workflow.locks)
    with whole:
        features.uses_savepoints = False
        try:
            yield
        finally:
            features.uses_savepoints = usual


def analyze_written_tables() -> None:
    """Analyze the written tables: autovacuum sees no rows before the commit, the planner takes them for empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins > 0 ORDER BY relname")
        written = ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
        if written:
            cursor.execute(f"ANALYZE {written}")
