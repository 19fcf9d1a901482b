"""The secret calendar address of a team."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institution", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="TeamCalendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("renewed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changée le")),
                (
                    "term",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team_calendar",
                        to="institution.term",
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda de l’équipe",
            },
        ),
    ]
