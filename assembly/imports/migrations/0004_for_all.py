"""What a file lacks is given once for all its lines, and stands beside the corrections of single ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_lines")]

    operations = [migrations.AddField("importsource", "for_all", models.JSONField(default=dict))]
