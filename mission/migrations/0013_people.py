"""The team of the mission: posts, what each works on, months at another working time."""

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0011_lines_of_updates'),
        ('institution', '0004_follow_up_months'),
        ('mission', '0012_support'),
        ('sittings', '0006_drop_ballot_quorum'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TeamPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('active', 'dans l’équipe'), ('left', 'a quitté l’équipe')], default='active', editable=False, max_length=16, verbose_name='état')),
                ('name', models.CharField(max_length=160, verbose_name='poste')),
                ('capacity', models.PositiveSmallIntegerField(default=100, verbose_name='temps de travail, en %')),
                ('starts_on', models.DateField(verbose_name='arrivée')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='départ')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'poste de l’équipe',
            },
        ),
        migrations.CreateModel(
            name='CapacityPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('starts_on', models.DateField(verbose_name='premier mois')),
                ('ends_on', models.DateField(verbose_name='dernier mois')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='temps de travail, en %')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods_of_time', to='mission.teampost')),
            ],
            options={
                'verbose_name': 'période à un autre temps de travail',
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('starts_on', models.DateField(verbose_name='premier mois')),
                ('ends_on', models.DateField(verbose_name='dernier mois')),
                ('topic', models.CharField(blank=True, max_length=160, verbose_name='autre sujet')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='part d’un temps plein, en %')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mission.budgetline', verbose_name='opération du budget')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.referral', verbose_name='saisine')),
                ('sitting', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sittings.sitting', verbose_name='séance')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='mission.teampost')),
            ],
            options={
                'verbose_name': 'affectation',
            },
        ),
        migrations.AddIndex(
            model_name='teampost',
            index=models.Index(fields=['assembly', 'name', 'id'], name='team_post_by_name'),
        ),
        migrations.AddIndex(
            model_name='teampost',
            index=models.Index(fields=['assembly', 'due_on'], name='team_post_by_day'),
        ),
        migrations.AddConstraint(
            model_name='teampost',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'left'])), name='team_post_state_known'),
        ),
        migrations.AddConstraint(
            model_name='teampost',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='team_post_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='teampost',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('capacity__lte', 100)), name='team_post_percent', violation_error_code='capacity', violation_error_message='Le temps de travail va de 1 à 100 %%.'),
        ),
        migrations.AddConstraint(
            model_name='teampost',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__gte', datetime.date(2000, 1, 1)), models.Q(('ends_on', None), models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='team_post_months_in_order', violation_error_code='ends_on', violation_error_message='Le dernier mois ne vient pas avant le premier ; années de 2000 à 2099.'),
        ),
        migrations.AddConstraint(
            model_name='teampost',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'left'), _negated=True), ('ends_on__isnull', False), _connector='OR'), name='team_post_left_has_end'),
        ),
        migrations.AddConstraint(
            model_name='teampost',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('assembly', 'holder'), name='team_post_one_active_a_holder', violation_error_code='holder', violation_error_message='Ce compte a déjà un poste dans l’équipe.'),
        ),
        migrations.AddConstraint(
            model_name='capacityperiod',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gte', 0), ('percent__lte', 100)), name='capacity_period_percent', violation_error_code='percent', violation_error_message='Le temps de travail va de 0 à 100 %%.'),
        ),
        migrations.AddConstraint(
            model_name='capacityperiod',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__gte', datetime.date(2000, 1, 1)), models.Q(('ends_on', None), models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='capacity_period_months_in_order', violation_error_code='ends_on', violation_error_message='Le dernier mois ne vient pas avant le premier ; années de 2000 à 2099.'),
        ),
        migrations.AddConstraint(
            model_name='capacityperiod',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('row', '='), (models.Func('starts_on', 'ends_on', models.Value('[]'), function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='capacity_period_no_overlap', violation_error_code='starts_on', violation_error_message='Une autre période dit déjà le temps de travail de ces mois.'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gte', 1), ('percent__lte', 100)), name='allocation_percent', violation_error_code='percent', violation_error_message='La part va de 1 à 100 %%.'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__gte', datetime.date(2000, 1, 1)), models.Q(('ends_on', None), models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__lt', datetime.date(2100, 1, 1))), _connector='OR')), name='allocation_months_in_order', violation_error_code='ends_on', violation_error_message='Le dernier mois ne vient pas avant le premier ; années de 2000 à 2099.'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('operation__isnull', False), ('referral__isnull', True), ('sitting__isnull', True), ('topic', '')), models.Q(('operation__isnull', True), ('referral__isnull', True), ('sitting__isnull', False), ('topic', '')), models.Q(('operation__isnull', True), ('referral__isnull', False), ('sitting__isnull', True), ('topic', '')), models.Q(('operation__isnull', True), ('referral__isnull', True), ('sitting__isnull', True), models.Q(('topic', ''), _negated=True)), _connector='OR'), name='allocation_one_subject', violation_error_message='Choisissez une opération, une séance ou une saisine, ou écrivez un sujet.'),
        ),
    ]
