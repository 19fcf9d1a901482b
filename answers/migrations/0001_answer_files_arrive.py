"""The files of answers come from opinions with their rows: the same table, of which nothing changes here."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("opinions", "0006_answer_files_leave")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="AnswerFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("awaiting", "réponse attendue")],
                                default="awaiting",
                                max_length=12,
                                verbose_name="état",
                            ),
                        ),
                        ("opened_on", models.DateField(verbose_name="ouvert le")),
                        ("due_on", models.DateField(verbose_name="réponse attendue le")),
                        (
                            "recommendation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer_file",
                                to="opinions.recommendation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "réponse attendue",
                        "db_table": "opinions_answerfile",
                        "ordering": ["recommendation"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["awaiting"])), name="answer_file_state_known"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_on__gte", models.F("opened_on"))),
                                name="answer_due_after_handover",
                            ),
                        ],
                    },
                )
            ]
        )
    ]
