"""Every how many months directorates tell how a promise goes: a constant default, no row is rewritten."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0003_invitation_waiting_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='term',
            name='follow_up_months',
            field=models.PositiveSmallIntegerField(db_default=3, default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='point demandé sur chaque suite donnée, en mois'),
        ),
    ]
