"""Legal items."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0004_follow_up_months'),
        ('mission', '0002_partners'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='modifiée le')),
                ('reference', models.CharField(editable=False, max_length=24, verbose_name='référence')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='échéance')),
                ('notes', models.TextField(blank=True, max_length=4000, verbose_name='notes')),
                ('state', models.CharField(choices=[('prepared', 'en préparation'), ('in_force', 'en vigueur'), ('replaced', 'remplacé'), ('expired', 'échu')], default='prepared', editable=False, max_length=16, verbose_name='état')),
                ('kind', models.CharField(choices=[('council', 'délibération'), ('convention', 'convention'), ('dpia', 'analyse d’impact (AIPD)'), ('insurance', 'assurance'), ('processing', 'registre des traitements'), ('other', 'autre')], max_length=12, verbose_name='nature')),
                ('number', models.CharField(blank=True, max_length=80, verbose_name='numéro de l’acte')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='en vigueur le')),
                ('renewal', models.CharField(choices=[('none', 'sans renouvellement'), ('tacit', 'tacite reconduction'), ('express', 'renouvellement exprès')], default='none', max_length=8, verbose_name='renouvellement')),
                ('notice_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='préavis, en jours')),
                ('document', models.URLField(blank=True, verbose_name='adresse de l’acte')),
                ('assembly', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.assembly')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('directorate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.directorate', verbose_name='direction')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suivi par')),
            ],
            options={
                'verbose_name': 'élément juridique',
                'indexes': [models.Index(fields=['assembly', 'name', 'id'], name='legal_item_by_name'), models.Index(fields=['assembly', 'due_on'], name='legal_item_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['prepared', 'in_force', 'replaced', 'expired'])), name='legal_item_state_known'), models.UniqueConstraint(fields=('assembly', 'reference'), name='legal_item_reference_once'), models.CheckConstraint(condition=models.Q(('due_on', None), ('starts_on', None), ('due_on__gte', models.F('starts_on')), _connector='OR'), name='legal_item_due_after_start', violation_error_message='L’échéance vient après l’entrée en vigueur.'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('starts_on__isnull', False), _connector='OR'), name='legal_item_in_force_since', violation_error_message='Dites depuis quand il est en vigueur.'), models.CheckConstraint(condition=models.Q(('renewal', 'none'), ('due_on__isnull', False), _connector='OR'), name='legal_item_renewed_has_day', violation_error_message='Ce qui se renouvelle a une échéance.'), models.CheckConstraint(condition=models.Q(('notice_days', None), ('notice_days__lte', 730), _connector='OR'), name='legal_item_notice_days', violation_error_message='Le préavis ne dépasse pas deux ans.')],
            },
        ),
    ]
