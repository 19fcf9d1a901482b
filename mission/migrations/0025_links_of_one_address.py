"""A link of a deposit keeps for whom and until when; one number may be given twice until one of them is complete."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institution", "0005_alphabetical_order"),
        ("mission", "0024_labels_name_the_thing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="grantapplication",
            name="grant_one_a_scheme",
        ),
        migrations.RemoveConstraint(
            model_name="grantapplication",
            name="grant_one_a_scheme_by_rna",
        ),
        migrations.AddField(
            model_name="depositlink",
            name="address_digest",
            field=models.CharField(db_default="", default="", editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name="depositlink",
            name="ends_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="grantdeposit",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="courriel"),
        ),
        migrations.AddConstraint(
            model_name="grantapplication",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "complete",
                            "assessment",
                            "opinion",
                            "committee",
                            "voted",
                            "agreement",
                            "paid",
                            "reported",
                            "closed",
                        ),
                    ),
                    models.Q(("siret", ""), _negated=True),
                ),
                fields=("scheme", "siret"),
                name="grant_one_examined_a_scheme",
                violation_error_message="Une autre demande de cette association est déjà à l’étude ici.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grantapplication",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "complete",
                            "assessment",
                            "opinion",
                            "committee",
                            "voted",
                            "agreement",
                            "paid",
                            "reported",
                            "closed",
                        ),
                    ),
                    models.Q(("rna", ""), _negated=True),
                ),
                fields=("scheme", "rna"),
                name="grant_one_examined_a_scheme_by_rna",
                violation_error_message="Une autre demande de cette association est déjà à l’étude ici.",
            ),
        ),
        migrations.AddConstraint(
            model_name="grantapplication",
            constraint=models.CheckConstraint(
                condition=models.Q(("contact_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                name="grant_contact_is_no_link",
                violation_error_code="contact_name",
                violation_error_message="Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace.",
            ),
        ),
    ]
