"""The changes of tables, and the trigger function that notes each table once a transaction."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION fragments_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := COALESCE(current_setting('assembly.tables_noted', true), '');
BEGIN
    IF position('"' || TG_TABLE_NAME || '"' IN noted) = 0 THEN
        INSERT INTO fragments_tablechange ("table", times) VALUES (TG_TABLE_NAME, 1);
        -- Local to the transaction, and taken back with a savepoint, as the row is.
        PERFORM set_config('assembly.tables_noted', noted || '"' || TG_TABLE_NAME || '"', true);
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="TableChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63)),
                ("times", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.RunSQL(FORWARD, "DROP FUNCTION fragments_note_change() CASCADE"),
    ]
