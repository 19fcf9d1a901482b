"""An address that somebody confirmed is noted: all but those of forms that nobody confirmed; names are no links."""

from django.conf import settings
from django.db import migrations, models


CONFIRMED = """
UPDATE draws_candidate SET confirmed_email = email WHERE state <> 'unconfirmed' AND email <> '';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("draws", "0012_alphabetical_order"),
        ("institution", "0005_alphabetical_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="candidate",
            name="confirmed_email",
            field=models.EmailField(
                blank=True, db_default="", default="", editable=False, max_length=254, verbose_name="adresse confirmée"
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                    models.Q(("last_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                    models.Q(("guardian_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                ),
                name="candidate_names_are_no_links",
                violation_error_message="Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace.",
            ),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "unconfirmed"), _negated=True), ("confirmed_email", ""), _connector="OR"
                ),
                name="candidate_unconfirmed_address",
            ),
        ),
        migrations.RunSQL(CONFIRMED, migrations.RunSQL.noop),
    ]
