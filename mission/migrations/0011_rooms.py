"""Rooms, equipment, and their bookings, which never overlap (btree_gist comes from `identity.0002_extensions`)."""

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0004_follow_up_months'),
        ('mission', '0010_grants'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('in_service', 'en service'), ('withdrawn', 'hors service')], default='in_service', editable=False, max_length=16, verbose_name='état')),
                ('kind', models.CharField(choices=[('room', 'salle'), ('equipment', 'matériel'), ('vehicle', 'véhicule')], max_length=12, verbose_name='type')),
                ('place', models.CharField(max_length=120, verbose_name='lieu')),
                ('capacity', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places')),
                ('is_accessible', models.BooleanField(default=False, verbose_name='accessible en fauteuil')),
                ('keeper', models.CharField(blank=True, max_length=160, verbose_name='gardien ou accueil')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'salle ou matériel',
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('to_confirm', 'à confirmer'), ('confirmed', 'confirmée'), ('cancelled', 'annulée')], default='to_confirm', editable=False, max_length=16, verbose_name='état')),
                ('name', models.CharField(max_length=160, verbose_name='objet')),
                ('starts_at', models.DateTimeField(verbose_name='début')),
                ('ends_at', models.DateTimeField(verbose_name='fin')),
                ('keeper_told_on', models.DateField(editable=False, null=True, verbose_name='gardien prévenu le')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='mission.resource', verbose_name='salle ou matériel')),
            ],
            options={
                'verbose_name': 'réservation',
            },
        ),
        migrations.AddIndex(
            model_name='resource',
            index=models.Index(fields=['assembly', 'name', 'id'], name='resource_by_name'),
        ),
        migrations.AddIndex(
            model_name='resource',
            index=models.Index(fields=['assembly', 'due_on'], name='resource_by_day'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['in_service', 'withdrawn'])), name='resource_state_known'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='resource_reference_once'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['assembly', 'name', 'id'], name='booking_by_name'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['assembly', 'due_on'], name='booking_by_day'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['assembly', 'starts_at'], name='booking_by_moment'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['to_confirm', 'confirmed', 'cancelled'])), name='booking_state_known'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='booking_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='booking_ends_after_start', violation_error_message='La fin vient après le début.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('starts_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='booking_in_this_century', violation_error_message='Écrivez une année entre 2000 et 2099.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('keeper_told_on__isnull', False), _connector='OR'), name='booking_confirmed_keeper_told', violation_error_message='Une réservation confirmée dit quand le gardien a été prévenu.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ['to_confirm', 'confirmed'])), expressions=[('resource', '='), (models.Func('starts_at', 'ends_at', function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='booking_no_overlap', violation_error_message='C’est déjà réservé à ce moment.'),
        ),
    ]
