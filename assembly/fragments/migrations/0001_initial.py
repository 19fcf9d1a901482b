from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TableChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=63)),
                ("times", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"), "DROP FUNCTION fragments_note_change CASCADE"
        ),
    ]
