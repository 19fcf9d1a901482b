"""Decisions told to associations; associations without SIRET, known by their RNA number: also by the triggers."""

from django.conf import settings
from django.db import migrations, models


def reader_checks(same, columns):
    """Whoever is tied to an association reads nothing of it. `same(grant)`: the condition that a tie is of it."""
    return f"""
CREATE OR REPLACE FUNCTION mission_grant_score_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mission_readerinterest tie JOIN mission_grantapplication grant_ ON {same('grant_')}
        WHERE grant_.id = NEW.application_id AND tie.user_id = NEW.reader_id
    ) THEN
        RAISE EXCEPTION 'a reader tied to the association gives no marks' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM mission_grantapplication
        WHERE id = NEW.application_id AND NEW.reader_id IN (first_reader_id, second_reader_id)
    ) THEN
        RAISE EXCEPTION 'whoever gives marks is a reader of the application' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION mission_grant_reader_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mission_readerinterest tie
        WHERE {same('NEW')} AND tie.user_id IN (NEW.first_reader_id, NEW.second_reader_id)
    ) THEN
        RAISE EXCEPTION 'a reader tied to the association reads nothing of it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER mission_grant_reader_check ON mission_grantapplication;
CREATE TRIGGER mission_grant_reader_check BEFORE INSERT OR UPDATE OF {columns}, first_reader_id, second_reader_id
    ON mission_grantapplication FOR EACH ROW WHEN (NEW.state = 'assessment')
    EXECUTE FUNCTION mission_grant_reader_check();
"""


def by_siret(grant):
    return f"left(tie.siret, 9) = left({grant}.siret, 9)"


def by_either(grant):
    return f"(tie.siret <> '' AND {by_siret(grant)} OR tie.rna <> '' AND tie.rna = {grant}.rna)"


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0004_follow_up_months'),
        ('mission', '0017_saved_views_leave'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='grantapplication',
            name='grant_one_a_scheme',
        ),
        migrations.RemoveConstraint(
            model_name='grantapplication',
            name='grant_siret_of_14_digits',
        ),
        migrations.RemoveConstraint(
            model_name='readerinterest',
            name='reader_interest_once',
        ),
        migrations.AddField(
            model_name='grantapplication',
            name='decision_words',
            field=models.TextField(blank=True, editable=False, max_length=6000, verbose_name='message'),
        ),
        migrations.AddField(
            model_name='grantapplication',
            name='refusal',
            field=models.TextField(blank=True, editable=False, max_length=2000),
        ),
        migrations.AddField(
            model_name='grantapplication',
            name='told_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='readerinterest',
            name='rna',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AlterField(
            model_name='grantapplication',
            name='siret',
            field=models.CharField(blank=True, max_length=14, verbose_name='numéro SIRET'),
        ),
        migrations.AlterField(
            model_name='readerinterest',
            name='siret',
            field=models.CharField(blank=True, max_length=14),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state__in', ('rejected', 'withdrawn')), _negated=True), models.Q(('siret', ''), _negated=True)), fields=('scheme', 'siret'), name='grant_one_a_scheme', violation_error_message='Une demande de cette association est déjà déposée pour ce dispositif.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state__in', ('rejected', 'withdrawn')), _negated=True), models.Q(('rna', ''), _negated=True)), fields=('scheme', 'rna'), name='grant_one_a_scheme_by_rna', violation_error_message='Une demande de cette association est déjà déposée pour ce dispositif.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('siret__regex', '^(\\d{14})?$')), name='grant_siret_of_14_digits', violation_error_message='Le numéro SIRET a 14 chiffres.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('rna', ''), ('siret', ''), _negated=True), name='grant_has_a_number', violation_error_message='Donnez le numéro SIRET ; sans SIRET, le numéro RNA.'),
        ),
        migrations.AddConstraint(
            model_name='grantapplication',
            constraint=models.CheckConstraint(condition=models.Q(('told_at', None), models.Q(('state__in', ('voted', 'agreement', 'paid', 'reported', 'closed', 'rejected')), models.Q(('decision_words', ''), _negated=True)), _connector='OR'), name='grant_told_once_decided'),
        ),
        migrations.AddConstraint(
            model_name='readerinterest',
            constraint=models.UniqueConstraint(fields=('user', 'siret', 'rna'), name='reader_interest_once'),
        ),
        migrations.RunSQL(reader_checks(by_either, 'siret, rna'), reader_checks(by_siret, 'siret')),
    ]
