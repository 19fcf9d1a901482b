"""Names are sorted by their key, not by their bytes (`identity.0005`)."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('institution', '0004_follow_up_months'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='committee',
            options={'ordering': ['name__alphabetical']},
        ),
        migrations.AlterModelOptions(
            name='directorate',
            options={'ordering': ['name__alphabetical'], 'verbose_name': 'direction'},
        ),
    ]
