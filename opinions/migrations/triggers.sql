-- A tabled, amended or adopted text is append-only.
CREATE FUNCTION opinions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'versions of an opinion are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER opinions_version_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON opinions_opinionversion
    FOR EACH STATEMENT EXECUTE FUNCTION opinions_refuse_change();

-- An amendment adopted without opposition needs the quorum of its sitting.
CREATE FUNCTION opinions_amendment_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision_mode = 'consent' AND OLD.decision_mode <> 'consent' AND NEW.quorum IS NULL AND EXISTS (
        SELECT FROM opinions_opinionversion AS version
        JOIN opinions_opinion AS opinion ON opinion.id = version.opinion_id
        WHERE version.id = NEW.version_id AND sittings_needs_quorum(opinion.agenda_item_id)
    ) THEN
        RAISE EXCEPTION 'the sitting needs a quorum (amendment %)', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opinions_amendment_check BEFORE UPDATE ON opinions_amendment
    FOR EACH ROW EXECUTE FUNCTION opinions_amendment_check();
