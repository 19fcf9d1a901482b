"""A decision to extend a call is never rewritten: UPDATE and DELETE are refused, and TRUNCATE."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION draws_refuse_extension_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'extensions of a call are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER draws_extension_frozen BEFORE UPDATE OR DELETE ON draws_callextension
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_extension_change();

CREATE TRIGGER draws_extensions_kept BEFORE TRUNCATE ON draws_callextension
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_extension_change();
"""

BACKWARD = """
DROP TRIGGER draws_extensions_kept ON draws_callextension;
DROP TRIGGER draws_extension_frozen ON draws_callextension;
DROP FUNCTION draws_refuse_extension_change();
"""


class Migration(migrations.Migration):
    dependencies = [("draws", "0002_call_form")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
