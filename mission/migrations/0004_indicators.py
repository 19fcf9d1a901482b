"""Indicators: values of the nights, values entered, sheets. All three tables are append-only."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


TABLES = ("mission_indicatorvalue", "mission_manualvalue", "mission_indicatorsheet")
FORWARD = """
CREATE FUNCTION mission_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION mission_refuse_change();
CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION mission_refuse_change();
"""
    for table in TABLES
)
BACKWARD = (
    "".join(f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_frozen ON {table};" for table in TABLES)
    + "DROP FUNCTION mission_refuse_change();"
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('mission', '0003_legal'),
        ('institution', '0004_follow_up_months'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IndicatorSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='numéro')),
                ('reference', models.CharField(max_length=40, verbose_name='référence')),
                ('day', models.DateField(verbose_name='chiffres au')),
                ('content', models.JSONField(verbose_name='contenu')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='faite le')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.term')),
            ],
            options={
                'verbose_name': 'fiche d’indicateurs',
                'ordering': ['term', '-number'],
                'constraints': [models.UniqueConstraint(fields=('term', 'number'), name='indicator_sheet_number_once'), models.UniqueConstraint(fields=('term', 'reference'), name='indicator_sheet_reference_once'), models.UniqueConstraint(fields=('term', 'day'), name='indicator_sheet_one_a_day')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='indicateur')),
                ('day', models.DateField(verbose_name='jour')),
                ('breakdown', models.CharField(blank=True, max_length=20, verbose_name='répartition')),
                ('cell', models.CharField(blank=True, max_length=40, verbose_name='case')),
                ('numerator', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='numérateur')),
                ('denominator', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='dénominateur')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='valeur')),
                ('rows', models.PositiveIntegerField(null=True, verbose_name='lignes comptées')),
                ('people', models.PositiveIntegerField(null=True, verbose_name='personnes')),
                ('counted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='compté le')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.term')),
            ],
            options={
                'verbose_name': 'relevé d’un indicateur',
                'ordering': ['term', 'key', 'day', 'breakdown', 'cell'],
                'indexes': [models.Index(fields=['term', '-day'], name='indicator_value_last_night')],
                'constraints': [models.UniqueConstraint(fields=('term', 'breakdown', 'key', 'day', 'cell'), name='indicator_value_once_a_night'), models.CheckConstraint(condition=models.Q(('denominator', None), ('denominator__gt', 0), models.Q(('denominator', 0), ('value', None)), _connector='OR'), name='indicator_value_divided_by_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('breakdown', ''), _negated=True), ('cell', ''), _connector='OR'), name='indicator_value_cell_has_breakdown'), models.CheckConstraint(condition=models.Q(('counted_at__date__gte', models.F('day'))), name='indicator_value_counted_after_its_day')],
            },
        ),
        migrations.CreateModel(
            name='ManualValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='indicateur')),
                ('breakdown', models.CharField(blank=True, max_length=20, verbose_name='répartition')),
                ('cell', models.CharField(blank=True, max_length=40, verbose_name='case')),
                ('day', models.DateField(verbose_name='valeur au')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('value', models.DecimalField(decimal_places=4, max_digits=14, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(999999999)], verbose_name='valeur')),
                ('people', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000)], verbose_name='personnes interrogées')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='remarque')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='saisie le')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.term')),
            ],
            options={
                'verbose_name': 'valeur saisie',
                'ordering': ['term', 'key', '-day', 'breakdown', 'cell', '-number'],
                'constraints': [models.UniqueConstraint(fields=('term', 'key', 'breakdown', 'cell', 'day', 'number'), name='manual_value_version_once'), models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='manual_value_not_negative'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='manual_value_has_source'), models.CheckConstraint(condition=models.Q(('people', None), ('people__gt', 0), _connector='OR'), name='manual_value_people_positive'), models.CheckConstraint(condition=models.Q(models.Q(('breakdown', ''), ('cell', '')), models.Q(models.Q(('breakdown', ''), _negated=True), models.Q(('cell', ''), _negated=True)), _connector='OR'), name='manual_value_cell_iff_breakdown'), models.CheckConstraint(condition=models.Q(('entered_at__date__gte', models.F('day'))), name='manual_value_entered_after_its_day')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
