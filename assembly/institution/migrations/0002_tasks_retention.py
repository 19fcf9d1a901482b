"""Add to the settings of a term how long tasks and notes about a person are retained."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institution", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="term",
            name="tasks_retention_months",
            field=models.PositiveSmallIntegerField(
                db_default=12,
                default=12,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(24)],
                verbose_name="conservation des tâches et des notes sur une personne, en mois après leur clôture",
            ),
        ),
    ]
