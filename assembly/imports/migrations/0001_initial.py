"""The table is that of `members`, renamed by its migration 0002: here only the state of the model begins."""

import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institution", "0001_initial"),
        ("members", "0002_move_import_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="ImportBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "term",
                            models.ForeignKey("institution.term", models.PROTECT, related_name="import_batches"),
                        ),
                        ("kind", models.CharField(max_length=12)),
                        ("file_name", models.CharField("fichier", max_length=120)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("previewed", "À confirmer"),
                                    ("running", "Import en cours"),
                                    ("stopped", "Arrêté"),
                                    ("confirmed", "Importé"),
                                ],
                                default="previewed",
                                max_length=10,
                            ),
                        ),
                        ("rows", models.JSONField(default=list)),
                        ("errors", models.JSONField(default=list)),
                        ("counters", models.JSONField(default=dict)),
                        ("created_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField()),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        (
                            "started_by",
                            models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"),
                        ),
                        ("mandate_state", models.CharField(blank=True, max_length=10)),
                        ("mandates_on", models.DateField(null=True)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("progressed_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=Q(~Q(state="confirmed"), confirmed_at=None)
                                | Q(confirmed_at__isnull=False, state="confirmed"),
                                name="import_confirmed_at_iff_confirmed",
                            ),
                            models.CheckConstraint(
                                condition=Q(state="previewed")
                                | Q(progressed_at__isnull=False, started_by__isnull=False),
                                name="import_started_has_author",
                            ),
                            models.CheckConstraint(
                                condition=Q(done__lte=F("total")), name="import_done_at_most_total"
                            ),
                            models.CheckConstraint(
                                condition=~Q(state="confirmed") | Q(rows=[]), name="import_emptied_once_confirmed"
                            ),
                        ]
                    },
                )
            ]
        )
    ]
