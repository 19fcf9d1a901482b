"""Directorates, the way of an answer and its versions: nullable columns or constant defaults, no row is rewritten."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('answers', '0001_answer_files_arrive'),
        ('documents', '0004_checks_of_seals_and_bounds'),
        ('institution', '0003_invitation_waiting_once'),
        ('opinions', '0006_answer_files_leave'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('value', models.CharField(blank=True, choices=[('accepted', 'acceptée'), ('accepted_in_part', 'acceptée en partie'), ('already_done', 'déjà en place'), ('under_study', 'à l’étude'), ('passed_on', 'transmise à une autre institution'), ('rejected', 'refusée')], max_length=16, verbose_name='réponse')),
                ('body', models.TextField(blank=True, max_length=6000, verbose_name='la réponse, en mots simples')),
                ('kept', models.TextField(blank=True, max_length=3000, verbose_name='ce qui est retenu')),
                ('left_out', models.TextField(blank=True, max_length=3000, verbose_name='ce qui ne l’est pas')),
                ('done_since', models.DateField(blank=True, null=True, verbose_name='en place depuis le')),
                ('proof', models.TextField(blank=True, max_length=3000, verbose_name='ce qui le montre')),
                ('proof_url', models.URLField(blank=True, max_length=500, verbose_name='adresse de ce qui le montre')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='réexaminée le')),
                ('passed_to', models.CharField(blank=True, max_length=200, verbose_name='transmise à')),
                ('letter', models.CharField(blank=True, max_length=200, verbose_name='par quelle lettre')),
                ('category', models.CharField(blank=True, choices=[('not_our_power', 'n’est pas de la compétence du Département'), ('cost', 'coût'), ('law', 'la loi ne le permet pas'), ('policy', 'contraire à la politique du Département'), ('technical', 'techniquement impossible'), ('covered', 'déjà couverte par un autre dispositif')], max_length=16, verbose_name='motif du refus')),
                ('action', models.TextField(blank=True, max_length=3000, verbose_name='ce qui est prévu')),
                ('service', models.CharField(blank=True, max_length=200, verbose_name='service chargé')),
                ('budget_line', models.CharField(blank=True, max_length=200, verbose_name='ligne de budget')),
                ('version', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(blank=True, null=True, verbose_name='enregistrée le')),
                ('is_sent', models.BooleanField(default=False, verbose_name='envoyée au visa')),
                ('source', models.CharField(blank=True, choices=[('visa', 'visa du président'), ('council', 'délibération du Conseil'), ('paper', 'réponse donnée sur papier')], max_length=8, verbose_name='décidée par')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='décidée le')),
                ('council_reference', models.CharField(blank=True, max_length=80, verbose_name='référence de la délibération')),
                ('council_url', models.URLField(blank=True, max_length=500, verbose_name='adresse de la délibération')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publiée le')),
            ],
            options={
                'verbose_name': 'réponse du Conseil',
                'ordering': ['file', 'number'],
            },
        ),
        migrations.AlterModelOptions(
            name='answerfile',
            options={'ordering': ['recommendation', 'pk'], 'verbose_name': 'réponse attendue'},
        ),
        migrations.RemoveConstraint(
            model_name='answerfile',
            name='answer_file_state_known',
        ),
        migrations.AddField(
            model_name='answerfile',
            name='answered_on',
            field=models.DateField(blank=True, null=True, verbose_name='répondu le'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='arbitrated_by',
            field=models.CharField(blank=True, choices=[('sponsor', 'élu·e référent·e'), ('steering', 'comité de pilotage')], db_default='', default='', max_length=8, verbose_name='arbitrée par'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='arbitrated_on',
            field=models.DateField(blank=True, null=True, verbose_name='arbitrée le'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='arbitration',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='arbitrage'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='assigned_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='confiée le'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='assigned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='associated',
            field=models.ManyToManyField(blank=True, related_name='+', to='institution.directorate', verbose_name='directions associées'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='cancelled_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='annulée le'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='directorate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer_files', to='institution.directorate', verbose_name='direction pilote'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='due_reason',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='pourquoi la date a changé'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='inherited_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.directorate', verbose_name='confiée d’abord à'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='question',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='ce qui est à arbitrer'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='reason',
            field=models.TextField(blank=True, db_default='', default='', max_length=2000, verbose_name='motif'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='reminded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='relancée le'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='envoyée au visa le'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='validated_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='visée le'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='validated_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='validated_for',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par délégation de'),
        ),
        migrations.AddField(
            model_name='answerfile',
            name='whole_of',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer_file', to='opinions.opinion', verbose_name='avis'),
        ),
        migrations.AlterField(
            model_name='answerfile',
            name='recommendation',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answer_file', to='opinions.recommendation'),
        ),
        migrations.AlterField(
            model_name='answerfile',
            name='state',
            field=models.CharField(choices=[('awaiting', 'réponse attendue'), ('assigned', 'confiée à une direction'), ('submitted', 'à viser'), ('validated', 'visée par la direction'), ('arbitration', 'à arbitrer'), ('decided', 'décidée'), ('published', 'publiée'), ('cancelled', 'annulée')], default='awaiting', max_length=12, verbose_name='état'),
        ),
        migrations.AddIndex(
            model_name='answerfile',
            index=models.Index(fields=['directorate', 'state', 'due_on'], name='answer_by_directorate'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['awaiting', 'assigned', 'submitted', 'validated', 'arbitration', 'decided', 'published', 'cancelled'])), name='answer_file_state_known'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recommendation__isnull', False), ('whole_of', None)), models.Q(('recommendation', None), ('whole_of__isnull', False)), _connector='OR'), name='answer_file_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('assigned', 'submitted', 'validated', 'arbitration', 'decided')), _negated=True), models.Q(('assigned_at__isnull', False), ('assigned_by__isnull', False), ('directorate__isnull', False)), _connector='OR'), name='answer_in_hand_is_assigned', violation_error_message='Choisissez la direction pilote.'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('submitted', 'validated', 'arbitration', 'decided')), _negated=True), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='answer_sent_is_told'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('validated', 'arbitration', 'decided')), _negated=True), models.Q(('validated_at__isnull', False), ('validated_by__isnull', False)), _connector='OR'), name='answer_visa_is_told'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'arbitration'), _negated=True), models.Q(('question', ''), _negated=True), _connector='OR'), name='answer_arbitration_asks'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arbitrated_by', ''), ('arbitrated_on', None), ('arbitration', '')), models.Q(('arbitrated_on__isnull', False), models.Q(('arbitrated_by', ''), _negated=True), models.Q(('arbitration', ''), _negated=True)), _connector='OR'), name='answer_arbitration_is_told'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_on__isnull', False), ('state', 'published')), models.Q(('answered_on', None), ('state', 'cancelled')), ('state__in', ('awaiting', 'assigned', 'submitted', 'validated', 'arbitration', 'decided')), _connector='OR'), name='answer_published_has_day'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(('answered_on', None), ('answered_on__gte', models.F('opened_on')), _connector='OR'), name='answered_after_handover', violation_error_message='La réponse vient après la remise.'),
        ),
        migrations.AddConstraint(
            model_name='answerfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', False), ('state', 'cancelled')), models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_at', None)), _connector='OR'), name='answer_cancelled_at_iff_cancelled'),
        ),
        migrations.AddField(
            model_name='answer',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answer',
            name='document',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.upload', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='answer',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='answers.answerfile'),
        ),
        migrations.AddField(
            model_name='answer',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answer',
            name='saved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('file', 'number'), name='answer_number_once'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(condition=models.Q(('published_at', None)), fields=('file',), name='answer_one_in_hand'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='answer_numbered_from_one'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('value__in', ['', 'accepted', 'accepted_in_part', 'already_done', 'under_study', 'passed_on', 'rejected'])), name='answer_value_known'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['', 'not_our_power', 'cost', 'law', 'policy', 'technical', 'covered'])), name='answer_category_known'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('is_sent', False), models.Q(models.Q(('body', ''), _negated=True), models.Q(('value', ''), _negated=True), models.Q(models.Q(('value', 'accepted_in_part'), _negated=True), models.Q(models.Q(('kept', ''), _negated=True), models.Q(('left_out', ''), _negated=True)), _connector='OR'), models.Q(models.Q(('value', 'already_done'), _negated=True), models.Q(('done_since__isnull', False), models.Q(models.Q(('proof', ''), _negated=True), models.Q(('proof_url', ''), _negated=True), _connector='OR')), _connector='OR'), models.Q(models.Q(('value', 'under_study'), _negated=True), ('review_on__isnull', False), _connector='OR'), models.Q(models.Q(('value', 'passed_on'), _negated=True), models.Q(models.Q(('passed_to', ''), _negated=True), models.Q(('letter', ''), _negated=True)), _connector='OR'), models.Q(models.Q(('value', 'rejected'), _negated=True), models.Q(models.Q(('category', ''), _negated=True), ('body__regex', '^\\s*(\\S+\\s+){7,}\\S+')), _connector='OR')), _connector='OR'), name='answer_sent_is_whole', violation_error_message='La réponse n’est pas complète.'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('council_reference', ''), ('council_url', ''), ('decided_by', None), ('decided_on', None), ('source', '')), models.Q(('council_reference', ''), ('decided_by__isnull', False), ('decided_on__isnull', False), ('is_sent', True), ('source', 'visa')), models.Q(('decided_on__isnull', False), ('is_sent', True), ('source', 'council'), models.Q(('council_reference', ''), _negated=True)), models.Q(('decided_on__isnull', False), ('document__isnull', False), ('is_sent', True), ('source', 'paper')), _connector='OR'), name='answer_decided_is_told'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('published_by', None)), models.Q(('decided_on__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False), models.Q(('source', ''), _negated=True)), _connector='OR'), name='answer_published_is_decided'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('review_on', None), ('decided_on', None), ('review_on__gt', models.F('decided_on')), _connector='OR'), name='answer_reviewed_after_decision', violation_error_message='Le réexamen vient après la décision.'),
        ),
    ]
