"""Draws among the members: they hang on the term, their lists on mandates. Whom they named is append-only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGERS = """
CREATE TRIGGER draws_designation_frozen BEFORE UPDATE OR DELETE ON draws_designation
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_designation_kept BEFORE TRUNCATE ON draws_designation
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
"""
BACKWARD = """
DROP TRIGGER draws_designation_frozen ON draws_designation;
DROP TRIGGER draws_designation_kept ON draws_designation;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_checks_of_seals_and_bounds'),
        ('draws', '0010_occupation_words'),
        ('institution', '0004_follow_up_months'),
        ('members', '0004_import_kind'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Designation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pseudonym', models.CharField(max_length=16, verbose_name='pseudonyme')),
                ('outcome', models.CharField(choices=[('named', 'désignée'), ('declined', 'a renoncé'), ('left', 'ne siège plus')], max_length=10, verbose_name='issue')),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rang')),
                ('instead_of', models.CharField(blank=True, max_length=16, verbose_name='à la place de')),
                ('noted_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'désignation',
                'ordering': ['rank', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='draw',
            name='draw_certified_has_witness',
        ),
        migrations.AddField(
            model_name='draw',
            name='committee',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.committee'),
        ),
        migrations.AddField(
            model_name='draw',
            name='drawn_among',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.committee'),
        ),
        migrations.AddField(
            model_name='draw',
            name='purpose',
            field=models.CharField(blank=True, db_default='', default='', max_length=180),
        ),
        migrations.AddField(
            model_name='draw',
            name='title',
            field=models.CharField(blank=True, db_default='', default='', max_length=160, verbose_name='fonction'),
        ),
        migrations.AddField(
            model_name='draw',
            name='within_term',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='internal_draws', to='institution.term'),
        ),
        migrations.AddField(
            model_name='poolentry',
            name='mandate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pool_entries', to='members.mandate'),
        ),
        migrations.AlterField(
            model_name='draw',
            name='call',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='draws.call', verbose_name='appel'),
        ),
        migrations.AlterField(
            model_name='poolentry',
            name='candidate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pool_entries', to='draws.candidate'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'void'), _negated=True), fields=('within_term', 'purpose'), name='draw_purpose_once', violation_error_message='Un tirage pour cette fonction existe déjà.'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.UniqueConstraint(fields=('within_term', 'purpose', 'number'), name='draw_purpose_number_once'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('call__isnull', False), ('purpose', ''), ('title', ''), ('within_term', None)), models.Q(('call', None), ('within_term__isnull', False), models.Q(('purpose', ''), _negated=True), models.Q(('title', ''), _negated=True)), _connector='OR'), name='draw_of_call_or_internal'),
        ),
        migrations.AddConstraint(
            model_name='draw',
            constraint=models.CheckConstraint(condition=models.Q(('certified_at', None), models.Q(('witness_name', ''), _negated=True), ('call', None), _connector='OR'), name='draw_certified_has_witness'),
        ),
        migrations.AddConstraint(
            model_name='poolentry',
            constraint=models.UniqueConstraint(fields=('pool', 'mandate'), name='pool_entry_mandate_once'),
        ),
        migrations.AddConstraint(
            model_name='poolentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('candidate__isnull', False), ('mandate', None)), models.Q(('candidate', None), ('mandate__isnull', False)), _connector='OR'), name='pool_entry_candidate_or_mandate'),
        ),
        migrations.AddField(
            model_name='designation',
            name='draw',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='draws.draw'),
        ),
        migrations.AddField(
            model_name='designation',
            name='mandate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='members.mandate'),
        ),
        migrations.AddField(
            model_name='designation',
            name='noted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='designation',
            constraint=models.UniqueConstraint(fields=('draw', 'pseudonym'), name='designation_pseudonym_once'),
        ),
        migrations.AddConstraint(
            model_name='designation',
            constraint=models.UniqueConstraint(fields=('draw', 'rank'), name='designation_rank_once'),
        ),
        migrations.AddConstraint(
            model_name='designation',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['named', 'declined', 'left'])), name='designation_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='designation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'named'), ('rank__isnull', False)), models.Q(models.Q(('outcome', 'named'), _negated=True), ('instead_of', ''), ('rank', None)), _connector='OR'), name='designation_rank_iff_named'),
        ),
        migrations.RunSQL(TRIGGERS, BACKWARD),
    ]
