-- Entries are linked at commit by a deferred trigger, with the rights of the owner, since the application's role may not
-- write links. `pg_temp` comes last, so that no temporary table of the caller replaces the chain.
CREATE FUNCTION audit_link_entry() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- Entries, links and heads refuse UPDATE, DELETE and TRUNCATE.
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
