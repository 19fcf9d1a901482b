"""Spokespersons drawn by the protocol point at their draw."""


import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('draws', '0011_internal_draws'),
        ('opinions', '0006_answer_files_leave'),
    ]

    operations = [
        migrations.AddField(
            model_name='spokespersondraw',
            name='protocol',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='draws.draw'),
        ),
    ]
