"""The log and the versions are never rewritten: the database refuses UPDATE, DELETE and TRUNCATE.

One exception: who wrote what in a version is computed afterwards, and written once.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION collab_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION collab_refuse_other_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.passages IS NOT NULL OR (to_jsonb(NEW) - 'passages') IS DISTINCT FROM (to_jsonb(OLD) - 'passages') THEN
        RAISE EXCEPTION '% is append-only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER collab_update_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON collab_update
    FOR EACH STATEMENT EXECUTE FUNCTION collab_refuse_change();
CREATE TRIGGER collab_version_kept BEFORE DELETE OR TRUNCATE ON collab_textversion
    FOR EACH STATEMENT EXECUTE FUNCTION collab_refuse_change();
CREATE TRIGGER collab_version_frozen BEFORE UPDATE ON collab_textversion
    FOR EACH ROW EXECUTE FUNCTION collab_refuse_other_change();
"""

BACKWARD = """
DROP TRIGGER collab_version_frozen ON collab_textversion;
DROP TRIGGER collab_version_kept ON collab_textversion;
DROP TRIGGER collab_update_frozen ON collab_update;
DROP FUNCTION collab_refuse_other_change();
DROP FUNCTION collab_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("collab", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
