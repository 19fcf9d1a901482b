"""The chain: entries are linked at commit by a deferred trigger; entries and links refuse UPDATE, DELETE, TRUNCATE."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_link_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_link%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock(7236501);
    SELECT * INTO last FROM audit_link ORDER BY seq DESC LIMIT 1;
    INSERT INTO audit_link (seq, entry_id, hash) VALUES (
        COALESCE(last.seq, 0) + 1,
        NEW.id,
        encode(sha256(convert_to(COALESCE(last.hash, repeat('0', 64)) || NEW.canonical, 'UTF8')), 'hex')
    );
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_entry_link AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_link_entry();

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_entry_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_link_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_head_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""

BACKWARD = """
DROP TRIGGER audit_head_frozen ON audit_head;
DROP TRIGGER audit_link_frozen ON audit_link;
DROP TRIGGER audit_entry_frozen ON audit_entry;
DROP FUNCTION audit_refuse_change();
DROP TRIGGER audit_entry_link ON audit_entry;
DROP FUNCTION audit_link_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
