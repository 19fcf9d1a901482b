"""Take the choices off the kind of a line: each app names its own kinds. The column stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="deskevent", name="kind", field=models.CharField(max_length=12)),
    ]
