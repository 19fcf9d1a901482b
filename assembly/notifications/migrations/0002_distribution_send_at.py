from django.db import migrations, models


class Migration(migrations.Migration):
    """A distribution may wait for an hour."""

    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="distribution",
            name="send_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Vide : tout de suite. Les courriels attendent cette heure.",
                null=True,
                verbose_name="à envoyer le",
            ),
        ),
    ]
