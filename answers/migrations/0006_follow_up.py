"""Follow-ups, their updates and milestones, which refuse to be rewritten; what is published is followed up too."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


# Only what takes an update out of sight may be written in it, once.
FROZEN = """
CREATE FUNCTION answers_update_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
       AND to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason']
         = to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'updates of a follow-up are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER answers_update_kept BEFORE UPDATE OR DELETE ON answers_progressupdate
    FOR EACH ROW EXECUTE FUNCTION answers_update_kept();
CREATE TRIGGER answers_updates_kept BEFORE TRUNCATE ON answers_progressupdate
    FOR EACH STATEMENT EXECUTE FUNCTION answers_update_kept();
CREATE TRIGGER answers_milestone_kept BEFORE UPDATE OR DELETE ON answers_milestone
    FOR EACH ROW EXECUTE FUNCTION answers_refuse_change();
CREATE TRIGGER answers_milestones_kept BEFORE TRUNCATE ON answers_milestone
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();
"""
FREE = """
DROP TRIGGER answers_milestones_kept ON answers_milestone;
DROP TRIGGER answers_milestone_kept ON answers_milestone;
DROP TRIGGER answers_updates_kept ON answers_progressupdate;
DROP TRIGGER answers_update_kept ON answers_progressupdate;
DROP FUNCTION answers_update_kept();
"""
# The last published answer of each file, where it promises something: its first update is due from today on.
OPENED = """
INSERT INTO answers_followup
    (file_id, state, directorate_id, service, budget_line, opened_on, update_due_on, reason)
SELECT file.id, 'planned', file.directorate_id, answer.service, answer.budget_line,
       (answer.published_at AT TIME ZONE 'Europe/Paris')::date,
       (CURRENT_DATE + make_interval(months => term.follow_up_months::int))::date, ''
FROM (
    SELECT DISTINCT ON (file_id) * FROM answers_answer WHERE published_at IS NOT NULL ORDER BY file_id, number DESC
) AS answer
JOIN opinions_answerfile AS file ON file.id = answer.file_id
LEFT JOIN opinions_recommendation AS recommendation ON recommendation.id = file.recommendation_id
JOIN opinions_opinion AS opinion ON opinion.id = COALESCE(recommendation.opinion_id, file.whole_of_id)
JOIN institution_term AS term ON term.id = opinion.term_id
WHERE answer.value IN ('accepted', 'accepted_in_part', 'under_study', 'passed_on')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('answers', '0005_abandoned_versions'),
        ('documents', '0004_checks_of_seals_and_bounds'),
        ('institution', '0004_follow_up_months'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('planned', 'à commencer'), ('in_progress', 'en cours'), ('delayed', 'retardée'), ('done', 'réalisée'), ('abandoned', 'abandonnée')], default='planned', max_length=12, verbose_name='état')),
                ('service', models.CharField(blank=True, max_length=200, verbose_name='service chargé')),
                ('budget_line', models.CharField(blank=True, max_length=200, verbose_name='ligne de budget')),
                ('opened_on', models.DateField(verbose_name='suivie depuis le')),
                ('update_due_on', models.DateField(blank=True, null=True, verbose_name='prochain point attendu le')),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='point demandé le')),
                ('reported_at', models.DateTimeField(blank=True, null=True, verbose_name='dite réalisée le')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='close le')),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='motif')),
                ('directorate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='institution.directorate', verbose_name='direction chargée')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up', to='answers.answerfile')),
            ],
            options={
                'verbose_name': 'suite donnée',
                'ordering': ['file'],
            },
        ),
        migrations.CreateModel(
            name='ProgressUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('state', models.CharField(choices=[('planned', 'à commencer'), ('in_progress', 'en cours'), ('delayed', 'retardée'), ('done', 'réalisée'), ('abandoned', 'abandonnée')], max_length=12, verbose_name='état')),
                ('words', models.TextField(max_length=3000, verbose_name='où en est-on')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='adresse')),
                ('photo_words', models.CharField(blank=True, max_length=300, verbose_name='ce que montre la photo')),
                ('consent', models.CharField(blank=True, choices=[('nobody', 'Personne n’y est reconnaissable'), ('given', 'Les personnes reconnaissables ont donné leur accord écrit')], max_length=8, verbose_name='accord')),
                ('consent_on', models.DateField(blank=True, null=True, verbose_name='accord donné le')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dit le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('withdrawn_reason', models.TextField(blank=True, max_length=1000, verbose_name='pourquoi')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('directorate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.directorate', verbose_name='direction')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.upload', verbose_name='document')),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='answers.followup')),
                ('photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.upload', verbose_name='photo')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'point sur une suite donnée',
                'ordering': ['follow_up', 'number'],
            },
        ),
        migrations.AddField(
            model_name='followup',
            name='proved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='answers.progressupdate'),
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('label', models.CharField(max_length=200, verbose_name='étape')),
                ('planned_on', models.DateField(verbose_name='prévue le')),
                ('reached_on', models.DateField(blank=True, null=True, verbose_name='atteinte le')),
                ('is_dropped', models.BooleanField(default=False, verbose_name='abandonnée')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='pourquoi ce changement')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='écrite le')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='answers.followup')),
            ],
            options={
                'verbose_name': 'étape d’une suite donnée',
                'ordering': ['follow_up', 'number', '-version'],
                'constraints': [models.UniqueConstraint(fields=('follow_up', 'number', 'version'), name='milestone_version_once'), models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='milestone_says'), models.CheckConstraint(condition=models.Q(('is_dropped', False), ('reached_on', None), _connector='OR'), name='milestone_dropped_is_not_reached')],
            },
        ),
        migrations.AddIndex(
            model_name='progressupdate',
            index=models.Index(fields=['-at'], name='progress_update_latest'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.UniqueConstraint(fields=('follow_up', 'number'), name='progress_update_number_once'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'in_progress', 'delayed', 'done'])), name='progress_update_state_known'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='progress_update_says'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('document__isnull', False), models.Q(('link', ''), _negated=True), ('photo__isnull', False), _connector='OR'), name='progress_update_done_is_proved', violation_error_message='« Réalisée » demande une preuve.'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('consent', ''), ('consent_on', None), ('photo', None), ('photo_words', '')), models.Q(('photo__isnull', False), models.Q(('photo_words', ''), _negated=True), models.Q(models.Q(('consent', 'nobody'), ('consent_on', None)), models.Q(('consent', 'given'), ('consent_on__isnull', False)), _connector='OR')), _connector='OR'), name='progress_photo_has_consent'),
        ),
        migrations.AddConstraint(
            model_name='progressupdate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='progress_update_withdrawn_is_explained'),
        ),
        migrations.AddIndex(
            model_name='followup',
            index=models.Index(condition=models.Q(('ended_on', None)), fields=['update_due_on'], name='follow_up_due'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'in_progress', 'delayed', 'done', 'abandoned'])), name='follow_up_state_known'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on', None), ('state__in', ('planned', 'in_progress', 'delayed')), ('update_due_on__isnull', False)), models.Q(('ended_on__isnull', False), ('reported_at', None), ('state__in', ['done', 'abandoned']), ('update_due_on', None)), _connector='OR'), name='follow_up_open_has_day'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proved_by__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('proved_by', None)), _connector='OR'), name='follow_up_done_is_proved', violation_error_message='« Réalisée » demande une preuve.'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'abandoned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='follow_up_abandoned_is_explained'),
        ),
        migrations.RunSQL(FROZEN, FREE),
        migrations.RunSQL(OPENED, migrations.RunSQL.noop),
    ]
