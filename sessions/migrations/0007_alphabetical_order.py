"""Names are sorted by their key, not by their bytes (`identity.0005`)."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('sittings', '0006_drop_ballot_quorum'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='sittingtemplate',
            options={'ordering': ['name__alphabetical']},
        ),
    ]
