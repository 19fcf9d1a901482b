"""An import of the population that is set aside counts no more: the one before it does."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('draws', '0008_renunciations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='populationmargins',
            name='set_aside_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='écarté le'),
        ),
        migrations.AddField(
            model_name='populationmargins',
            name='set_aside_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='populationmargins',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('set_aside_at', None), ('set_aside_by', None)), models.Q(('set_aside_at__isnull', False), ('set_aside_by__isnull', False)), _connector='OR'), name='margins_set_aside_by_somebody'),
        ),
    ]
