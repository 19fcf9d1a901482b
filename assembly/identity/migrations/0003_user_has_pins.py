"""An account says whether it has pinned pages, so that pages of anybody else read none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_natural_numbers")]

    operations = [
        migrations.AddField("user", "has_pins", models.BooleanField(db_default=False, default=False, editable=False)),
    ]
