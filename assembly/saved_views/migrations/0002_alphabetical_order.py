"""Names are sorted by their key, not by their bytes (`identity.0005`)."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('saved_views', '0001_saved_views'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='savedview',
            options={'ordering': ['name__alphabetical', 'pk'], 'verbose_name': 'vue enregistrée'},
        ),
    ]
