"""Lines get a table: 20,000 of them fit in no column. What imports of before hold moves there; their columns stay, for
the image before writes them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def former_lines(rows, errors, done):
    """Yield the columns of each line; the first `done` are written."""
    problems = {}
    for error in errors:
        problems.setdefault(error["line"], []).append({name: error[name] for name in error if name != "line"})
    for place, row in enumerate(rows):
        if row["line"] not in problems:
            plan = row.get("plan", "create")
            yield {"line": row["line"], "plan": plan, "entry": row, "outcome": plan if place < done else ""}
    for line, wrong in problems.items():
        yield {"line": line, "plan": "refused", "problems": wrong}


def move_lines(apps, schema_editor):
    batches, lines = apps.get_model("imports", "ImportBatch"), apps.get_model("imports", "ImportLine")
    for batch in batches.objects.exclude(former_rows=[], former_errors=[]):
        made = former_lines(batch.former_rows, batch.former_errors, batch.done)
        lines.objects.bulk_create([lines(batch=batch, **columns) for columns in made])
        batches.objects.filter(pk=batch.pk).update(former_rows=[], former_errors=[])


def bring_lines_back(apps, schema_editor):
    batches, lines = apps.get_model("imports", "ImportBatch"), apps.get_model("imports", "ImportLine")
    for batch in batches.objects.filter(pk__in=lines.objects.values("batch")):
        mine = lines.objects.filter(batch=batch).order_by("line")
        errors = [{"line": each.line, **problem} for each in mine for problem in each.problems]
        rows = [each.entry for each in mine if each.entry]
        batches.objects.filter(pk=batch.pk).update(former_rows=rows, former_errors=errors)


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_sources")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("importbatch", "import_emptied_once_confirmed"),
                migrations.RenameField("importbatch", "rows", "former_rows"),
                migrations.RenameField("importbatch", "errors", "former_errors"),
                migrations.AlterField("importbatch", "former_rows", models.JSONField(db_column="rows", default=list)),
                migrations.AlterField(
                    "importbatch", "former_errors", models.JSONField(db_column="errors", default=list)
                ),
                migrations.AddConstraint(
                    "importbatch",
                    models.CheckConstraint(
                        condition=~Q(state="confirmed") | Q(former_rows=[]), name="import_emptied_once_confirmed"
                    ),
                ),
            ]
        ),
        migrations.AlterField(
            "importbatch",
            "state",
            models.CharField(
                choices=[
                    ("reading", "Lecture en cours"),
                    ("previewed", "À confirmer"),
                    ("running", "Import en cours"),
                    ("stopped", "Arrêté"),
                    ("confirmed", "Importé"),
                    ("undoing", "Annulation en cours"),
                    ("undone", "Annulé"),
                ],
                default="previewed",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint("importbatch", "import_started_has_author"),
        migrations.AddConstraint(
            "importbatch",
            models.CheckConstraint(
                condition=Q(state__in=["reading", "previewed"])
                | Q(progressed_at__isnull=False, started_by__isnull=False),
                name="import_started_has_author",
            ),
        ),
        migrations.RemoveConstraint("importbatch", "import_confirmed_at_iff_confirmed"),
        migrations.AddConstraint(
            "importbatch",
            models.CheckConstraint(
                condition=Q(~Q(state__in=["confirmed", "undoing", "undone"]), confirmed_at=None)
                | Q(confirmed_at__isnull=False, state__in=["confirmed", "undoing", "undone"]),
                name="import_confirmed_at_iff_confirmed",
            ),
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                (
                    "plan",
                    models.CharField(
                        choices=[
                            ("create", "Nouveau"),
                            ("update", "Complété"),
                            ("same", "Inchangé"),
                            ("refused", "Laissé de côté"),
                        ],
                        max_length=8,
                    ),
                ),
                ("entry", models.JSONField(default=dict)),
                ("cells", models.JSONField(default=list)),
                ("problems", models.JSONField(default=list)),
                ("outcome", models.CharField(blank=True, max_length=8)),
                ("written", models.JSONField(default=dict)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="imports.importbatch"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("batch", "line"), name="import_line_once")],
            },
        ),
        migrations.AddField("importsource", "content", models.BinaryField(null=True)),
        migrations.AddField("importsource", "titles", models.JSONField(default=list)),
        migrations.AddField("importsource", "attempt", models.PositiveIntegerField(default=0)),
        migrations.AlterField("importsource", "sheets", models.JSONField(default=list)),
        migrations.AlterField("importsource", "header", models.PositiveIntegerField(default=0)),
        migrations.RunPython(move_lines, bring_lines_back),
    ]
