"""A sitting has the hours of its day: opened, closed, entered afterwards; stays and votes lie inside it.

The two triggers compare a row with its sitting, which a constraint cannot.
"""

import datetime
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION sittings_stay_on_its_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.voided_at IS NULL AND EXISTS (
        SELECT FROM sittings_invitee invitee JOIN sittings_sitting sitting ON sitting.id = invitee.sitting_id
        WHERE invitee.id = NEW.invitee_id
        AND (NEW.arrived_at < sitting.starts_at - interval '12 hours'
            OR coalesce(NEW.left_at, NEW.arrived_at) > sitting.ends_at + interval '36 hours')
    ) THEN
        RAISE EXCEPTION 'this stay is not on the day of its sitting' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER sittings_stay_on_its_day BEFORE INSERT OR UPDATE OF arrived_at, left_at, voided_at
    ON sittings_attendance FOR EACH ROW EXECUTE FUNCTION sittings_stay_on_its_day();

CREATE FUNCTION sittings_vote_in_its_sitting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.counted_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM sittings_agendaitem item JOIN sittings_sitting sitting ON sitting.id = item.sitting_id
        WHERE item.id = NEW.agenda_item_id
        AND NEW.counted_at >= sitting.opened_at - interval '1 minute'
        AND NEW.counted_at <= coalesce(sitting.closed_at, NEW.counted_at) + interval '1 minute'
    ) THEN
        RAISE EXCEPTION 'this vote was not taken during its sitting' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER sittings_vote_in_its_sitting BEFORE INSERT OR UPDATE OF counted_at
    ON sittings_ballot FOR EACH ROW EXECUTE FUNCTION sittings_vote_in_its_sitting();
"""

BACKWARD = """
DROP TRIGGER sittings_vote_in_its_sitting ON sittings_ballot;
DROP FUNCTION sittings_vote_in_its_sitting();
DROP TRIGGER sittings_stay_on_its_day ON sittings_attendance;
DROP FUNCTION sittings_stay_on_its_day();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('institution', '0005_alphabetical_order'),
        ('sittings', '0008_a_late_text_may_be_one_s_own'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sitting',
            name='sitting_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='sitting',
            name='sitting_stopped_has_reason',
        ),
        migrations.AddField(
            model_name='attendance',
            name='hours_reason',
            field=models.CharField(blank=True, max_length=160, verbose_name='pourquoi hors de la séance'),
        ),
        migrations.AddField(
            model_name='invitee',
            name='is_absence_derived',
            field=models.BooleanField(default=False, help_text='Notée par la clôture, non par une personne.', verbose_name='absence déduite de la réponse'),
        ),
        migrations.AddField(
            model_name='sitting',
            name='hours_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='pourquoi d’autres heures'),
        ),
        migrations.AddField(
            model_name='sitting',
            name='recorded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='heures relevées le'),
        ),
        migrations.AddField(
            model_name='sitting',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='heures relevées par'),
        ),
        migrations.AlterField(
            model_name='sitting',
            name='reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='motif du report, de l’annulation ou de l’empêchement'),
        ),
        migrations.AlterField(
            model_name='sitting',
            name='state',
            field=models.CharField(choices=[('planned', 'Planifiée'), ('notified', 'Convoquée'), ('confirmed', 'Confirmée'), ('open', 'Ouverte'), ('suspended', 'Suspendue'), ('closed', 'Tenue'), ('minuted', 'Compte rendu fait'), ('archived', 'Archivée'), ('postponed', 'Reportée'), ('cancelled', 'Annulée'), ('not_quorate', 'Sans quorum'), ('reconvened', 'Convoquée de nouveau'), ('not_held', 'N’a pas eu lieu')], default='planned', max_length=12, verbose_name='état'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'notified', 'confirmed', 'open', 'suspended', 'closed', 'minuted', 'archived', 'postponed', 'cancelled', 'not_quorate', 'reconvened', 'not_held'])), name='sitting_state_known'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['postponed', 'cancelled', 'not_held']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='sitting_stopped_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', False), ('state__in', ['open', 'suspended', 'closed', 'minuted', 'archived', 'not_quorate', 'reconvened'])), models.Q(models.Q(('state__in', ['open', 'suspended', 'closed', 'minuted', 'archived', 'not_quorate', 'reconvened']), _negated=True), ('closed_at', None), ('opened_at', None)), _connector='OR'), name='sitting_opened_iff_it_began'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('opened_at', None), models.Q(('opened_at__gte', django.db.models.expressions.CombinedExpression(models.F('starts_at'), '-', models.Value(datetime.timedelta(seconds=43200)))), ('opened_at__lte', django.db.models.expressions.CombinedExpression(models.F('ends_at'), '+', models.Value(datetime.timedelta(days=1, seconds=43200))))), _connector='OR'), name='sitting_opened_on_its_day'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('closed_at__gt', models.F('opened_at')), ('closed_at__lte', django.db.models.expressions.CombinedExpression(models.F('ends_at'), '+', models.Value(datetime.timedelta(days=1, seconds=43200))))), _connector='OR'), name='sitting_closed_on_its_day'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recorded_at', None), ('recorded_by', None)), models.Q(('recorded_at__gte', models.F('closed_at')), ('recorded_by__isnull', False), ('state__in', ['closed', 'minuted', 'archived', 'not_quorate', 'reconvened'])), _connector='OR'), name='sitting_recorded_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(('recorded_at', None), models.Q(('hours_reason', ''), _negated=True), ('closed_at__lte', models.F('ends_at')), _connector='OR'), name='sitting_other_hours_have_reason'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
