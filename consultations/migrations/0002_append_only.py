"""What a directorate sent or gave is never rewritten: its editions refuse UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION consultations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'editions of a review are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consultations_edition_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON consultations_reviewedition
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_refuse_change();
"""

BACKWARD = """
DROP TRIGGER consultations_edition_frozen ON consultations_reviewedition;
DROP FUNCTION consultations_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
