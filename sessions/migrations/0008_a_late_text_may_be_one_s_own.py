"""A text that came late is told in words that are also true where one's own other tab was first. No column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sittings", "0007_alphabetical_order"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sectionrevision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("saved", "enregistré"),
                    ("conflict", "arrivé après un autre texte"),
                    ("refused", "brouillon, à corriger avant d’être imprimé"),
                    ("restored", "repris d’une version antérieure"),
                    ("corrected", "correction acceptée"),
                ],
                default="saved",
                max_length=9,
                verbose_name="version",
            ),
        ),
    ]
