"""Store what sealed minutes say of the tasks that their sitting decided.

A task goes on after the minutes: it is put off, handed over, worded otherwise. The page of the minutes then said
something else than the sealed file.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
        ("sittings", "0003_actions_are_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="actionitem",
            name="sealed_due_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="sealed_owner",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.person",
            ),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="sealed_owner_text",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=160),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="sealed_text",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=400),
        ),
    ]
