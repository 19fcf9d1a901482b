-- What proves a document is append-only. A blob may be deleted, never changed.
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER documents_revision_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON documents_revision
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_signature_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON documents_signature
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_manifestentry_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON documents_manifestentry
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_manifestseal_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON documents_manifestseal
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_blob_frozen BEFORE UPDATE OR TRUNCATE ON documents_blob
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
