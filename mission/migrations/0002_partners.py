"""Partners and what hangs on each."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0004_attempt_counters'),
        ('institution', '0004_follow_up_months'),
        ('mission', '0001_registers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('to_contact', 'à contacter'), ('active', 'actif'), ('dormant', 'en sommeil'), ('ended', 'terminé'), ('merged', 'fusionné')], default='to_contact', editable=False, max_length=16, verbose_name='état')),
                ('kind', models.CharField(choices=[('association', 'association'), ('epci', 'intercommunalité'), ('commune', 'commune'), ('state', 'État et opérateurs'), ('authority', 'autre collectivité'), ('university', 'université, recherche'), ('network', 'réseau'), ('company', 'entreprise'), ('other', 'autre')], max_length=12, verbose_name='type')),
                ('acronym', models.CharField(blank=True, max_length=40, verbose_name='sigle')),
                ('website', models.URLField(blank=True, verbose_name='site')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='téléphone')),
                ('territory', models.CharField(blank=True, max_length=120, verbose_name='territoire')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name='thèmes')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('canton', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.canton')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doubles', to='mission.partner')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'partenaire',
            },
        ),
        migrations.CreateModel(
            name='PartnerAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('title', models.CharField(max_length=200, verbose_name='objet')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='fin')),
                ('is_renewed', models.BooleanField(default=False, verbose_name='renouvelée ou sans suite')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='mission.partner')),
            ],
            options={
                'verbose_name': 'convention avec un partenaire',
            },
        ),
        migrations.CreateModel(
            name='PartnerContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('function', models.CharField(blank=True, max_length=120, verbose_name='fonction')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.person', verbose_name='personne')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='mission.partner')),
            ],
            options={
                'verbose_name': 'contact d’un partenaire',
            },
        ),
        migrations.CreateModel(
            name='PartnerData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('title', models.CharField(max_length=200, verbose_name='données')),
                ('address', models.URLField(blank=True, verbose_name='adresse')),
                ('licence', models.CharField(max_length=80, verbose_name='licence')),
                ('updated_on', models.DateField(blank=True, null=True, verbose_name='mises à jour le')),
                ('renewed_every', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rythme, en mois')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='datasets', to='mission.partner')),
            ],
            options={
                'verbose_name': 'données d’un partenaire',
            },
        ),
        migrations.CreateModel(
            name='PartnerExchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('held_on', models.DateField(verbose_name='date')),
                ('kind', models.CharField(choices=[('meeting', 'rencontre'), ('call', 'téléphone'), ('mail', 'courriel'), ('event', 'événement'), ('other', 'autre')], max_length=8, verbose_name='forme')),
                ('summary', models.TextField(max_length=2000, verbose_name='ce qui s’est dit')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='mission.partner')),
            ],
            options={
                'verbose_name': 'échange avec un partenaire',
            },
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(fields=['assembly', 'name', 'id'], name='partner_by_name'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=models.Index(fields=['assembly', 'due_on'], name='partner_by_day'),
        ),
        migrations.AddIndex(
            model_name='partner',
            index=django.contrib.postgres.indexes.GinIndex(fields=['topics'], name='partner_by_topic'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['to_contact', 'active', 'dormant', 'ended', 'merged'])), name='partner_state_known'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(fields=('assembly', 'reference'), name='partner_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='partner_merged_iff_merged'),
        ),
        migrations.AddConstraint(
            model_name='partneragreement',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='partner_agreement_ends_after_start', violation_error_message='La fin vient après le début.'),
        ),
        migrations.AddConstraint(
            model_name='partnercontact',
            constraint=models.UniqueConstraint(fields=('row', 'person'), name='partner_contact_once'),
        ),
    ]
