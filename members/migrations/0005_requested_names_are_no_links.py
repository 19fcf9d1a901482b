"""Names that members ask for hold no sign that a mail program makes a link of."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_import_kind"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="namechangerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                    models.Q(("last_name__regex", "[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"), _negated=True),
                ),
                name="name_request_is_no_link",
                violation_error_message="Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace.",
            ),
        ),
    ]
