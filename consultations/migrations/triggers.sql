-- Editions of a review are append-only.
CREATE FUNCTION consultations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'editions of a review are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultations_edition_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON consultations_reviewedition
    FOR EACH STATEMENT EXECUTE FUNCTION consultations_refuse_change();
