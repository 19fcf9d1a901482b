"""Trips of the team and who goes."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0011_lines_of_updates'),
        ('institution', '0004_follow_up_months'),
        ('mission', '0013_people'),
        ('sittings', '0006_drop_ballot_quorum'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Trip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('draft', 'à ordonner'), ('ordered', 'ordre signé'), ('done', 'fait'), ('cancelled', 'annulé')], default='draft', editable=False, max_length=16, verbose_name='état')),
                ('name', models.CharField(max_length=160, verbose_name='objet')),
                ('place', models.CharField(max_length=160, verbose_name='destination')),
                ('starts_at', models.DateTimeField(verbose_name='départ')),
                ('ends_at', models.DateTimeField(verbose_name='retour')),
                ('means', models.CharField(choices=[('train', 'train'), ('service_car', 'véhicule de service'), ('own_car', 'véhicule personnel'), ('transit', 'transports en commun'), ('other', 'autre')], max_length=12, verbose_name='moyen de transport')),
                ('ordered_on', models.DateField(editable=False, null=True, verbose_name='ordre signé le')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.booking', verbose_name='réservation du véhicule')),
                ('canton', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.canton', verbose_name='canton')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.referral', verbose_name='saisine')),
                ('sitting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sittings.sitting', verbose_name='séance')),
            ],
            options={
                'verbose_name': 'déplacement',
            },
        ),
        migrations.CreateModel(
            name='TripTraveller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trips', to='mission.teampost', verbose_name='personne')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='travellers', to='mission.trip')),
            ],
            options={
                'verbose_name': 'personne en déplacement',
            },
        ),
        migrations.AddIndex(
            model_name='trip',
            index=models.Index(fields=['assembly', 'name', 'id'], name='trip_by_name'),
        ),
        migrations.AddIndex(
            model_name='trip',
            index=models.Index(fields=['assembly', 'due_on'], name='trip_by_day'),
        ),
        migrations.AddIndex(
            model_name='trip',
            index=models.Index(fields=['assembly', 'starts_at'], name='trip_by_moment'),
        ),
        migrations.AddConstraint(
            model_name='trip',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'ordered', 'done', 'cancelled'])), name='trip_state_known'),
        ),
        migrations.AddConstraint(
            model_name='trip',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='trip_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='trip',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='trip_comes_back_after', violation_error_code='ends_at', violation_error_message='Le retour vient après le départ.'),
        ),
        migrations.AddConstraint(
            model_name='trip',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__lt', datetime.datetime(2100, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('starts_at__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), name='trip_in_this_century', violation_error_message='Écrivez une année entre 2000 et 2099.'),
        ),
        migrations.AddConstraint(
            model_name='trip',
            constraint=models.CheckConstraint(condition=models.Q(('booking', None), ('means', 'service_car'), _connector='OR'), name='trip_booking_of_service_car', violation_error_code='booking', violation_error_message='Une réservation va avec un véhicule de service.'),
        ),
        migrations.AddConstraint(
            model_name='trip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ordered_on__isnull', False), ('state__in', ['ordered', 'done'])), models.Q(('ordered_on', None), ('state', 'draft')), ('state', 'cancelled'), _connector='OR'), name='trip_signed_has_day'),
        ),
        migrations.AddConstraint(
            model_name='triptraveller',
            constraint=models.UniqueConstraint(fields=('row', 'post'), name='trip_traveller_once', violation_error_code='post', violation_error_message='Cette personne est déjà du déplacement.'),
        ),
    ]
