"""Store the quorum of each vote, and refuse what counts without it.

Check constraints compare the numbers of one row. The triggers refuse the rest: an empty quorum where the sitting needs
one, and other figures in a proclaimed vote.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION sittings_needs_quorum(item bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM sittings_agendaitem AS item_row
        JOIN sittings_sitting AS sitting ON sitting.id = item_row.sitting_id
        JOIN institution_term AS term ON term.id = sitting.term_id
        WHERE item_row.id = item AND sitting.is_quorum_required AND term.quorum_rule <> 'none'
    )
$$;
CREATE FUNCTION sittings_ballot_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'proclaimed' AND NEW.state = 'proclaimed' AND
        (OLD.agenda_item_id, OLD.question, OLD.majority_rule, OLD.votes_for, OLD.votes_against, OLD.abstentions,
         OLD.no_opinion, OLD.present, OLD.present_invitees, OLD.quorum, OLD.members_in_office, OLD.result,
         OLD.casting_vote_for, OLD.is_advisory, OLD.counted_at, OLD.proclaimed_at)
        IS DISTINCT FROM
        (NEW.agenda_item_id, NEW.question, NEW.majority_rule, NEW.votes_for, NEW.votes_against, NEW.abstentions,
         NEW.no_opinion, NEW.present, NEW.present_invitees, NEW.quorum, NEW.members_in_office, NEW.result,
         NEW.casting_vote_for, NEW.is_advisory, NEW.counted_at, NEW.proclaimed_at)
    THEN
        RAISE EXCEPTION 'a proclaimed vote does not change (%)', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('counted', 'proclaimed') AND NEW.quorum IS NULL AND NOT NEW.is_advisory
        AND (TG_OP = 'INSERT' OR OLD.state <> NEW.state OR OLD.quorum IS NOT NULL
             OR OLD.counted_at IS DISTINCT FROM NEW.counted_at)
        AND sittings_needs_quorum(NEW.agenda_item_id)
    THEN
        RAISE EXCEPTION 'the sitting needs a quorum (ballot %)', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sittings_ballot_check BEFORE INSERT OR UPDATE ON sittings_ballot
    FOR EACH ROW EXECUTE FUNCTION sittings_ballot_check();
CREATE FUNCTION sittings_decision_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.quorum IS NULL AND NEW.mode = 'consent' AND sittings_needs_quorum(NEW.agenda_item_id) THEN
        RAISE EXCEPTION 'the sitting needs a quorum (decision %)', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sittings_decision_check BEFORE INSERT ON sittings_decision
    FOR EACH ROW EXECUTE FUNCTION sittings_decision_check();
"""
BACKWARD = """
DROP TRIGGER sittings_decision_check ON sittings_decision;
DROP FUNCTION sittings_decision_check();
DROP TRIGGER sittings_ballot_check ON sittings_ballot;
DROP FUNCTION sittings_ballot_check();
DROP FUNCTION sittings_needs_quorum(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('institution', '0006_rule_without_quorum'),
        ('sittings', '0009_sittings_on_their_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='ballot',
            name='is_advisory',
            field=models.BooleanField(db_default=False, default=False, verbose_name='vote indicatif'),
        ),
        migrations.AddField(
            model_name='ballot',
            name='present_invitees',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='ballot',
            name='quorum',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quorum nécessaire'),
        ),
        migrations.AddField(
            model_name='ballot',
            name='upheld_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='maintenu le'),
        ),
        migrations.AddField(
            model_name='ballot',
            name='upheld_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ballot',
            name='upheld_reason',
            field=models.CharField(blank=True, db_default='', max_length=1000, verbose_name='motif du maintien'),
        ),
        migrations.AddField(
            model_name='decision',
            name='present',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='membres présents'),
        ),
        migrations.AddField(
            model_name='decision',
            name='quorum',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quorum nécessaire'),
        ),
        migrations.AddConstraint(
            model_name='ballot',
            constraint=models.CheckConstraint(condition=models.Q(('quorum', None), models.Q(('present__gte', models.F('quorum')), ('present__isnull', False)), _connector='OR'), name='ballot_quorum_met', violation_error_message='Le quorum n’est pas atteint.'),
        ),
        migrations.AddConstraint(
            model_name='ballot',
            constraint=models.CheckConstraint(condition=models.Q(('quorum', None), models.Q(('is_advisory', False), ('state__in', ['counted', 'proclaimed'])), _connector='OR'), name='ballot_quorum_iff_counted'),
        ),
        migrations.AddConstraint(
            model_name='ballot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('upheld_at', None), ('upheld_by', None), ('upheld_reason', '')), models.Q(('state', 'proclaimed'), ('upheld_at__isnull', False), ('upheld_by__isnull', False), models.Q(('upheld_reason', ''), _negated=True)), _connector='OR'), name='ballot_upheld_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('quorum', None), models.Q(('present__gte', models.F('quorum')), ('present__isnull', False)), _connector='OR'), name='decision_quorum_met', violation_error_message='Le quorum n’est pas atteint.'),
        ),
        migrations.RunSQL(TRIGGERS, BACKWARD),
    ]
