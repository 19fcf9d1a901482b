"""The clock job that sums up the changes of tables, so that few rows are counted at each reading."""

from celery import shared_task
from django.db import connection

from assembly.jobs.tasks import once_per

# In one statement: a concurrent reader sees the rows or their sum, never both nor neither.
SUM_UP = """
    WITH several AS (SELECT "table" FROM fragments_tablechange GROUP BY "table" HAVING count(*) > 1),
    gone AS (
        DELETE FROM fragments_tablechange WHERE "table" IN (SELECT "table" FROM several) RETURNING "table", times
    )
    INSERT INTO fragments_tablechange ("table", times) SELECT "table", sum(times) FROM gone GROUP BY "table"
"""


@shared_task(name="assembly.fragments.tasks.sum_up_changes")
@once_per("minute")
def sum_up_changes() -> None:
    """Replace the rows of each table by one row with their sum."""
    with connection.cursor() as cursor:
        cursor.execute(SUM_UP)
