"""Changes of tables are summed up, so that few rows are counted at each look."""

from celery import shared_task
from django.db import connection

from assembly.jobs.clock import once_per

# In one statement: whoever reads meanwhile sees the rows or their sum, never both nor neither.
SUM_UP = """
    WITH several AS (SELECT "table" FROM fragments_tablechange GROUP BY "table" HAVING count(*) > 1),
    gone AS (
        DELETE FROM fragments_tablechange WHERE "table" IN (SELECT "table" FROM several) RETURNING "table", times
    )
    INSERT INTO fragments_tablechange ("table", times) SELECT "table", sum(times) FROM gone GROUP BY "table"
"""


@shared_task
@once_per("minute")
def sum_up_changes() -> None:
    """One row a table."""
    with connection.cursor() as cursor:
        cursor.execute(SUM_UP)
