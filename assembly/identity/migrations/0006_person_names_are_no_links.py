"""Names of persons hold no sign that a mail program makes a link of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0005_alphabetical_order"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                    models.Q(("last_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                ),
                name="person_names_are_no_links",
                violation_error_message="Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace.",
            ),
        ),
    ]
