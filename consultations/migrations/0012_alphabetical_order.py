"""Names are sorted by their key, not by their bytes (`identity.0005`)."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('consultations', '0011_lines_of_updates'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='referralcommittee',
            options={'ordering': ['committee__name__alphabetical'], 'verbose_name': 'groupe chargé de la saisine'},
        ),
        migrations.AlterModelOptions(
            name='referraldirectorate',
            options={'ordering': ['-is_lead', 'directorate__name__alphabetical'], 'verbose_name': 'direction associée'},
        ),
    ]
