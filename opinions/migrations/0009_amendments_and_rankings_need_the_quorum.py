"""Store the quorum of what is decided without a ballot: amendments nobody opposed, rankings of priorities."""

from django.conf import settings
from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION opinions_amendment_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision_mode = 'consent' AND OLD.decision_mode <> 'consent' AND NEW.quorum IS NULL AND EXISTS (
        SELECT FROM opinions_opinionversion AS version
        JOIN opinions_opinion AS opinion ON opinion.id = version.opinion_id
        WHERE version.id = NEW.version_id AND sittings_needs_quorum(opinion.agenda_item_id)
    ) THEN
        RAISE EXCEPTION 'the sitting needs a quorum (amendment %)', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opinions_amendment_check BEFORE UPDATE ON opinions_amendment
    FOR EACH ROW EXECUTE FUNCTION opinions_amendment_check();
"""
BACKWARD = """
DROP TRIGGER opinions_amendment_check ON opinions_amendment;
DROP FUNCTION opinions_amendment_check();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_alphabetical_order'),
        ('institution', '0006_rule_without_quorum'),
        ('opinions', '0008_alphabetical_order'),
        ('sittings', '0010_votes_need_their_quorum'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='amendment',
            name='present',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='membres présents'),
        ),
        migrations.AddField(
            model_name='amendment',
            name='quorum',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quorum nécessaire'),
        ),
        migrations.AddField(
            model_name='ranking',
            name='present',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='membres présents'),
        ),
        migrations.AddField(
            model_name='ranking',
            name='quorum',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quorum nécessaire'),
        ),
        migrations.AddConstraint(
            model_name='amendment',
            constraint=models.CheckConstraint(condition=models.Q(('quorum', None), models.Q(('present__gte', models.F('quorum')), ('present__isnull', False)), _connector='OR'), name='amendment_quorum_met', violation_error_message='Le quorum n’est pas atteint.'),
        ),
        migrations.AddConstraint(
            model_name='amendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('present', None), ('quorum', None)), ('decision_mode', 'consent'), _connector='OR'), name='amendment_quorum_iff_by_consent'),
        ),
        migrations.AddConstraint(
            model_name='ranking',
            constraint=models.CheckConstraint(condition=models.Q(('quorum', None), models.Q(('present__gte', models.F('quorum')), ('present__isnull', False)), _connector='OR'), name='ranking_quorum_met', violation_error_message='Le quorum n’est pas atteint.'),
        ),
        migrations.RunSQL(TRIGGER, BACKWARD),
    ]
