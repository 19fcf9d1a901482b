"""A tabled, amended or adopted text is never rewritten: versions refuse UPDATE, DELETE and TRUNCATE."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION opinions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of an opinion are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER opinions_version_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON opinions_opinionversion
    FOR EACH STATEMENT EXECUTE FUNCTION opinions_refuse_change();
"""

BACKWARD = """
DROP TRIGGER opinions_version_frozen ON opinions_opinionversion;
DROP FUNCTION opinions_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("opinions", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
