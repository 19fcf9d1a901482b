"""Saved views and who receives them, for lists of every app."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('institution', '0004_follow_up_months'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('list_key', models.CharField(max_length=24)),
                ('name', models.CharField(max_length=80, verbose_name='nom de la vue')),
                ('query', models.CharField(blank=True, max_length=1000)),
                ('token', models.CharField(max_length=43, unique=True)),
                ('is_shared', models.BooleanField(default=False, verbose_name='partagée avec l’équipe')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('assembly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('directorate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.directorate')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.term')),
            ],
            options={
                'verbose_name': 'vue enregistrée',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('created_by', 'list_key', 'name'), name='saved_view_name_once')],
            },
        ),
        migrations.CreateModel(
            name='ViewSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('last_sent_on', models.DateField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='saved_views.savedview')),
            ],
            options={
                'verbose_name': 'vue envoyée chaque semaine',
                'constraints': [models.UniqueConstraint(fields=('view', 'user'), name='view_mailed_once')],
            },
        ),
    ]
