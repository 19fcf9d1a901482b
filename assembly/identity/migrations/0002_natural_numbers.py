"""Sort numbers within names by their value, and build the indexes by name again: their keys are others."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent
REINDEX = """
DO $$
DECLARE
    named regclass;
BEGIN
    FOR named IN
        SELECT indexrelid::regclass FROM pg_index
        WHERE pg_get_expr(indexprs, indrelid) LIKE '%alphabetical(%'
    LOOP
        EXECUTE format('REINDEX INDEX %s', named);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [SQL.joinpath("alphabetical_with_numbers.sql").read_text(encoding="utf-8"), REINDEX],
            migrations.RunSQL.noop,
        )
    ]
