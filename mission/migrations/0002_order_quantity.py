"""An order says how many meals or hours: the page of a sitting compares it with the people who come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mission", "0001_initial")]

    operations = [
        migrations.AddField("contractorder", "quantity", models.PositiveIntegerField("nombre", null=True, blank=True)),
    ]
