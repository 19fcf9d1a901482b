from django.conf import settings
from django.core.validators import RegexValidator
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[RegexValidator("^\\d{4}-\\d{2}-\\d{2}-\\d{4}-[0-9a-f]{16}$")],
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("asked", "demandée"),
                            ("making", "en cours"),
                            ("made", "faite"),
                            ("failed", "échouée"),
                            ("pruned", "effacée"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("asked_at", models.DateTimeField("demandée le", auto_now_add=True)),
                ("ended_at", models.DateTimeField("terminée le", null=True)),
                ("size", models.PositiveBigIntegerField("taille", null=True)),
                ("problem", models.CharField("ce qui a manqué", blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1), condition=Q(state__in=["asked", "making"]), name="backup_one_at_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(name__regex="^\\d{4}-\\d{2}-\\d{2}-\\d{4}-[0-9a-f]{16}$"),
                        name="backup_name_stays_in_its_folder",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at__isnull=False, state__in=["failed", "made", "pruned"])
                        | Q(ended_at=None, state__in=["asked", "making"]),
                        name="backup_ended_iff_dated",
                    ),
                    models.CheckConstraint(
                        condition=Q(size__isnull=False, state__in=["made", "pruned"])
                        | Q(~Q(state__in=["made", "pruned"]), size=None),
                        name="backup_made_iff_size",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="failed") | ~Q(problem=""), name="backup_failed_has_sentence"
                    ),
                ]
            },
        )
    ]
