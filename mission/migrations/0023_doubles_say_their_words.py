"""Constraints that a form judges have words, and the field that mends them: nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mission", "0022_refusals_name_their_field")]

    operations = [
        migrations.AlterConstraint(
            model_name="budgetline",
            name="budget_line_once_a_year",
            constraint=models.UniqueConstraint(
                fields=("assembly", "year", "name"),
                name="budget_line_once_a_year",
                violation_error_code="name",
                violation_error_message="Cette opération existe déjà cette année.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="budgetline",
            name="budget_line_one_takes_expenses",
            constraint=models.UniqueConstraint(
                condition=models.Q(("takes_expenses", True)),
                fields=("assembly", "year"),
                name="budget_line_one_takes_expenses",
                violation_error_code="takes_expenses",
                violation_error_message="Une autre opération de l’année les reçoit déjà.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="schemereader",
            name="scheme_reader_once",
            constraint=models.UniqueConstraint(
                fields=("row", "user"),
                name="scheme_reader_once",
                violation_error_code="user",
                violation_error_message="Cette personne lit déjà ce dispositif.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="teampost",
            name="team_post_left_has_end",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "left"), _negated=True) | models.Q(("ends_on__isnull", False)),
                name="team_post_left_has_end",
                violation_error_code="ends_on",
                violation_error_message="Un poste quitté a son départ.",
            ),
        ),
    ]
