"""Nobody waits for an examination beside a frozen list; who is left out has a reason; a closed call its day."""

from django.conf import settings
from django.db import migrations, models

# Rows of before: the last day that was decided, or today where it is still to come.
CLOSING_DAYS = """
UPDATE draws_call SET closed_on = LEAST(current_date, GREATEST(closes_on,
    (SELECT max(longer.closes_on) FROM draws_callextension AS longer WHERE longer.call_id = draws_call.id)))
WHERE state = 'closed';
"""
FORWARD = """
CREATE FUNCTION draws_refuse_unexamined() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM draws_candidate WHERE call_id = NEW.call_id AND state = 'submitted') THEN
        RAISE EXCEPTION 'unexamined candidates wait beside the list of draw %', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER draws_freeze_examined BEFORE INSERT OR UPDATE OF frozen_at ON draws_draw
    FOR EACH ROW WHEN (NEW.frozen_at IS NOT NULL AND NEW.call_id IS NOT NULL AND NEW.state <> 'void')
    EXECUTE FUNCTION draws_refuse_unexamined();

CREATE FUNCTION draws_refuse_late_candidate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM draws_draw WHERE call_id = NEW.call_id AND frozen_at IS NOT NULL AND state <> 'void'
    ) THEN
        RAISE EXCEPTION 'the list of call % is frozen: nobody waits for an examination', NEW.call_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER draws_candidate_late BEFORE INSERT OR UPDATE OF state, call_id ON draws_candidate
    FOR EACH ROW WHEN (NEW.state = 'submitted') EXECUTE FUNCTION draws_refuse_late_candidate();
"""
BACKWARD = """
DROP TRIGGER draws_candidate_late ON draws_candidate;
DROP FUNCTION draws_refuse_late_candidate();
DROP TRIGGER draws_freeze_examined ON draws_draw;
DROP FUNCTION draws_refuse_unexamined();
UPDATE draws_candidate SET state = 'withdrawn', exclusion = '' WHERE state = 'excluded';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('draws', '0013_confirmed_addresses'),
        ('institution', '0005_alphabetical_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='candidate',
            name='candidate_state_known',
        ),
        migrations.AddField(
            model_name='call',
            name='closed_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='clos le'),
        ),
        migrations.RunSQL(CLOSING_DAYS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='candidate',
            name='exclusion',
            field=models.CharField(blank=True, choices=[('unreachable', 'personne injoignable'), ('incomplete', 'dossier incomplet'), ('unverified', 'adresse ou identité non vérifiée'), ('late', 'reçue après le dernier jour')], db_default='', default='', max_length=12, verbose_name='écartée sans examen'),
        ),
        migrations.AlterField(
            model_name='candidate',
            name='state',
            field=models.CharField(choices=[('unconfirmed', 'adresse à confirmer'), ('submitted', 'à examiner'), ('eligible', 'recevable'), ('ineligible', 'irrecevable'), ('duplicate', 'doublon'), ('excluded', 'écartée sans examen'), ('withdrawn', 'retirée'), ('in_pool', 'dans la liste figée'), ('drawn', 'tirée au sort'), ('alternate', 'suppléante'), ('not_drawn', 'non tirée')], default='submitted', max_length=12, verbose_name='état'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_on', None)), _connector='OR'), name='call_closed_has_day'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['unconfirmed', 'submitted', 'eligible', 'ineligible', 'duplicate', 'excluded', 'withdrawn', 'in_pool', 'drawn', 'alternate', 'not_drawn'])), name='candidate_state_known'),
        ),
        migrations.AddConstraint(
            model_name='candidate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exclusion__in', ['unreachable', 'incomplete', 'unverified', 'late']), ('state', 'excluded')), models.Q(models.Q(('state', 'excluded'), _negated=True), ('exclusion', '')), _connector='OR'), name='candidate_exclusion_has_reason', violation_error_message='Une candidature écartée sans examen a un motif.'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
