"""Names are sorted by their key, not by their bytes (`identity.0005`)."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('opinions', '0007_spokespersons_by_protocol'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='servicesrequest',
            options={'ordering': ['due_on', 'directorate__name__alphabetical', 'pk'], 'verbose_name': 'lecture d’une direction'},
        ),
    ]
