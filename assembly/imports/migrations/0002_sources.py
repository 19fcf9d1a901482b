"""Two new tables: what a file holds until its lines are written, and what its headers mean in an assembly."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_initial"),
        ("institution", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sheets", models.JSONField()),
                ("sheet", models.PositiveSmallIntegerField(default=0)),
                ("header", models.PositiveIntegerField()),
                ("notes", models.JSONField(default=list)),
                ("columns", models.JSONField(default=dict)),
                ("are_columns_known", models.BooleanField(default=False)),
                ("corrections", models.JSONField(default=dict)),
                (
                    "batch",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="source", to="imports.importbatch"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HeaderChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("header", models.CharField(max_length=120)),
                ("key", models.CharField(blank=True, max_length=60)),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="institution.assembly"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assembly", "kind", "header"), name="import_header_chosen_once")
                ],
            },
        ),
    ]
