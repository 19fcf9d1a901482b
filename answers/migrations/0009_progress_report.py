"""The progress report, which refuses to be rewritten once published: only what was withdrawn leaves its content."""

import assembly.institution.models.committee
import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FROZEN = """
CREATE FUNCTION answers_report_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.published_at IS NULL
       OR to_jsonb(OLD) - ARRAY['content', 'noted_at'] = to_jsonb(NEW) - ARRAY['content', 'noted_at']) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'published progress reports are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER answers_report_kept BEFORE UPDATE OR DELETE ON answers_progressreport
    FOR EACH ROW EXECUTE FUNCTION answers_report_kept();
CREATE TRIGGER answers_reports_kept BEFORE TRUNCATE ON answers_progressreport
    FOR EACH STATEMENT EXECUTE FUNCTION answers_report_kept();
"""
FREE = """
DROP TRIGGER answers_reports_kept ON answers_progressreport;
DROP TRIGGER answers_report_kept ON answers_progressreport;
DROP FUNCTION answers_report_kept();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('answers', '0008_follow_up_committee'),
        ('institution', '0004_follow_up_months'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProgressReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('reference', models.CharField(max_length=40, verbose_name='référence')),
                ('starts_on', models.DateField(verbose_name='du')),
                ('ends_on', models.DateField(verbose_name='au')),
                ('introduction', models.TextField(blank=True, max_length=6000, verbose_name='introduction')),
                ('version', models.PositiveIntegerField(default=0)),
                ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='modifié le')),
                ('content', models.JSONField(blank=True, null=True, verbose_name='contenu')),
                ('noted_at', models.DateTimeField(blank=True, null=True, verbose_name='arrêté le')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='publié le')),
                ('edited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress_reports', to='institution.term')),
            ],
            options={
                'verbose_name': 'bilan des suites données',
                'ordering': ['term', '-number'],
                'constraints': [models.UniqueConstraint(fields=('term', 'number'), name='progress_report_number_once'), models.UniqueConstraint(fields=('term', 'reference'), name='progress_report_reference_once'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', True)), fields=('term',), name='progress_report_one_draft'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='progress_report_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', True), ('noted_at', None), ('published_at', None)), models.Q(('content__isnull', False), ('noted_at__isnull', False)), _connector='OR'), name='progress_report_content_has_day'), models.CheckConstraint(condition=models.Q(('published_at', None), models.Q(('introduction', ''), _negated=True), _connector='OR'), name='progress_report_published_is_introduced'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('term', '='), (assembly.institution.models.committee.DateRange('starts_on', 'ends_on', models.Value('[]')), '&&')], name='progress_report_no_overlap')],
            },
        ),
        migrations.RunSQL(FROZEN, FREE),
    ]
