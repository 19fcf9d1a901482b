"""The moment when support was delivered is kept; a letter that left never changes."""

from django.db import migrations, models
from django.db.models import Q

# The journal knows when; what was delivered before it existed has the day of its last save.
MOMENTS = """
UPDATE mission_supportrequest AS asked SET delivered_at = coalesce(
    (SELECT max(entry.at) FROM audit_entry AS entry
     WHERE entry.subject_type = 'mission.SupportRequest' AND entry.subject_id = asked.id::text
       AND entry.verb = 'support_request.delivered'),
    asked.changed_at)
WHERE asked.state IN ('delivered', 'evaluated', 'closed');
"""
FREEZE = """
CREATE FUNCTION mission_refuse_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A letter that left does not change (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER mission_watchdigest_sent BEFORE UPDATE OR DELETE ON mission_watchdigest
    FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION mission_refuse_sent();
CREATE TRIGGER mission_listmessage_sent BEFORE UPDATE OR DELETE ON mission_listmessage
    FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION mission_refuse_sent();
"""
THAW = """
DROP TRIGGER mission_listmessage_sent ON mission_listmessage;
DROP TRIGGER mission_watchdigest_sent ON mission_watchdigest;
DROP FUNCTION mission_refuse_sent();
"""
DELIVERED = ["delivered", "evaluated", "closed"]


class Migration(migrations.Migration):
    dependencies = [
        ("mission", "0015_lists_links_and_fresh_data"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="supportrequest",
            name="delivered_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="rendue le"),
        ),
        migrations.RunSQL(MOMENTS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="supportrequest",
            constraint=models.CheckConstraint(
                condition=Q(delivered_at__isnull=False, state__in=DELIVERED)
                | (~Q(state__in=DELIVERED) & Q(delivered_at=None)),
                name="support_request_delivered_iff",
            ),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
