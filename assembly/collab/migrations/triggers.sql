-- Updates and versions are append-only.
CREATE FUNCTION collab_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

-- Authorship of the passages of a version is computed later, and written once.
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
