-- What proves a draw is append-only: extensions of a call, quotas, frozen lists, lots, digits, results.
CREATE FUNCTION draws_refuse_extension_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'extensions of a call are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER draws_extension_frozen BEFORE UPDATE OR DELETE ON draws_callextension
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_extension_change();
CREATE TRIGGER draws_extensions_kept BEFORE TRUNCATE ON draws_callextension
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_extension_change();

CREATE FUNCTION draws_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'proofs of a draw are append-only (% on %)', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER draws_quotaversion_frozen BEFORE UPDATE OR DELETE ON draws_quotaversion
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_quotaversion_kept BEFORE TRUNCATE ON draws_quotaversion
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_frozenpool_frozen BEFORE UPDATE OR DELETE ON draws_frozenpool
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_frozenpool_kept BEFORE TRUNCATE ON draws_frozenpool
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_ballreading_frozen BEFORE UPDATE OR DELETE ON draws_ballreading
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_ballreading_kept BEFORE TRUNCATE ON draws_ballreading
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_drawresult_frozen BEFORE UPDATE OR DELETE ON draws_drawresult
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_drawresult_kept BEFORE TRUNCATE ON draws_drawresult
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_incident_frozen BEFORE UPDATE OR DELETE ON draws_incident
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_incident_kept BEFORE TRUNCATE ON draws_incident
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_placement_frozen BEFORE UPDATE OR DELETE ON draws_placement
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_placement_kept BEFORE TRUNCATE ON draws_placement
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_poolentry_frozen BEFORE UPDATE ON draws_poolentry
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_computation_frozen BEFORE UPDATE OR DELETE ON draws_computation
    FOR EACH ROW WHEN (OLD.lots IS NOT NULL) EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_draw_frozen BEFORE UPDATE ON draws_draw
    FOR EACH ROW WHEN (OLD.state IN ('revealed', 'void')) EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_draw_kept BEFORE DELETE ON draws_draw
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_confirmationcall_frozen BEFORE UPDATE OR DELETE ON draws_confirmationcall
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_confirmationcall_kept BEFORE TRUNCATE ON draws_confirmationcall
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_designation_frozen BEFORE UPDATE OR DELETE ON draws_designation
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_designation_kept BEFORE TRUNCATE ON draws_designation
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();

-- No candidate waits for an examination beside a frozen list: neither when it is frozen, nor later.
CREATE FUNCTION draws_refuse_unexamined() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM draws_candidate WHERE call_id = NEW.call_id AND state = 'submitted') THEN
        RAISE EXCEPTION 'unexamined candidates wait beside the list of draw %', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draws_freeze_examined BEFORE INSERT OR UPDATE OF frozen_at ON draws_draw
    FOR EACH ROW WHEN (NEW.frozen_at IS NOT NULL AND NEW.call_id IS NOT NULL AND NEW.state <> 'void')
    EXECUTE FUNCTION draws_refuse_unexamined();

CREATE FUNCTION draws_refuse_late_candidate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM draws_draw WHERE call_id = NEW.call_id AND frozen_at IS NOT NULL AND state <> 'void'
    ) THEN
        RAISE EXCEPTION 'the list of call % is frozen: nobody waits for an examination', NEW.call_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draws_candidate_late BEFORE INSERT OR UPDATE OF state, call_id ON draws_candidate
    FOR EACH ROW WHEN (NEW.state = 'submitted') EXECUTE FUNCTION draws_refuse_late_candidate();
