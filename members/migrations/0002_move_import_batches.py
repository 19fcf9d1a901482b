"""Imports of files belong to the platform app `imports`. Apart from 0001, which databases of 1.0.0 have run."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable("ImportBatch", "imports_importbatch"),
                migrations.RunSQL(
                    SQL.joinpath("move_import_batches.sql").read_text(encoding="utf-8"),
                    SQL.joinpath("take_back_import_batches.sql").read_text(encoding="utf-8"),
                ),
            ],
            state_operations=[migrations.DeleteModel("ImportBatch")],
        )
    ]
