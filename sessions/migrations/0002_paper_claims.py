"""Record how the team received a claim, and which vouchers it has seen on paper only."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("institution", "0001_initial"),
        ("sittings", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="expenseclaim",
            name="received_on",
            field=models.DateField(blank=True, null=True, verbose_name="reçue le"),
        ),
        migrations.AddField(
            model_name="expenseline",
            name="is_on_paper",
            field=models.BooleanField(default=False, verbose_name="justificatif vu sur papier"),
        ),
        migrations.AddConstraint(
            model_name="expenseclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_on", None), models.Q(("via", "account"), _negated=True), _connector="OR"
                ),
                name="expense_claim_received_by_the_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="expenseline",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_on_paper", False), ("voucher", None), _connector="OR"),
                name="expense_line_on_paper_or_file",
            ),
        ),
    ]
