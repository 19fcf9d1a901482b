"""Saved views, files and links of the registers’ rows."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('consultations', '0011_lines_of_updates'),
        ('documents', '0004_checks_of_seals_and_bounds'),
        ('institution', '0004_follow_up_months'),
        ('opinions', '0006_answer_files_leave'),
        ('sittings', '0005_expenses_append_only'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=24)),
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
            },
        ),
        migrations.CreateModel(
            name='ViewSubscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('last_sent_on', models.DateField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('view', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='mission.savedview')),
            ],
            options={
                'verbose_name': 'vue envoyée chaque semaine',
            },
        ),
        migrations.CreateModel(
            name='RegisterFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=24)),
                ('row', models.BigIntegerField()),
                ('title', models.CharField(max_length=200, verbose_name='titre')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.upload')),
            ],
            options={
                'verbose_name': 'fichier d’une fiche',
                'ordering': ['-added_at', '-pk'],
                'indexes': [models.Index(fields=['register', 'row'], name='register_file_of_row')],
            },
        ),
        migrations.CreateModel(
            name='RegisterLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=24)),
                ('row', models.BigIntegerField()),
                ('other_register', models.CharField(blank=True, max_length=24)),
                ('other_row', models.BigIntegerField(null=True)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('committee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.committee', verbose_name='groupe ou comité')),
                ('directorate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.directorate', verbose_name='direction')),
                ('opinion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='opinions.opinion', verbose_name='avis')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.referral', verbose_name='saisine')),
                ('sitting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sittings.sitting', verbose_name='séance')),
            ],
            options={
                'verbose_name': 'lien d’une fiche',
                'indexes': [models.Index(fields=['register', 'row'], name='register_link_of_row'), models.Index(fields=['other_register', 'other_row'], name='register_link_to_row')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('committee__isnull', True), ('directorate__isnull', True), ('opinion__isnull', True), ('referral__isnull', True), ('sitting__isnull', False), ('other_register', ''), ('other_row', None)), models.Q(('committee__isnull', True), ('directorate__isnull', True), ('opinion__isnull', True), ('referral__isnull', False), ('sitting__isnull', True), ('other_register', ''), ('other_row', None)), models.Q(('committee__isnull', True), ('directorate__isnull', True), ('opinion__isnull', False), ('referral__isnull', True), ('sitting__isnull', True), ('other_register', ''), ('other_row', None)), models.Q(('committee__isnull', True), ('directorate__isnull', False), ('opinion__isnull', True), ('referral__isnull', True), ('sitting__isnull', True), ('other_register', ''), ('other_row', None)), models.Q(('committee__isnull', False), ('directorate__isnull', True), ('opinion__isnull', True), ('referral__isnull', True), ('sitting__isnull', True), ('other_register', ''), ('other_row', None)), models.Q(('committee__isnull', True), ('directorate__isnull', True), ('opinion__isnull', True), ('referral__isnull', True), ('sitting__isnull', True), ('other_row__isnull', False), models.Q(('other_register', ''), _negated=True)), _connector='OR'), name='register_link_one_end'), models.UniqueConstraint(fields=('register', 'row', 'sitting', 'referral', 'opinion', 'directorate', 'committee', 'other_register', 'other_row'), name='register_link_once', nulls_distinct=False)],
            },
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('created_by', 'register', 'name'), name='saved_view_once'),
        ),
        migrations.AddConstraint(
            model_name='viewsubscription',
            constraint=models.UniqueConstraint(fields=('view', 'user'), name='view_subscription_once'),
        ),
    ]
