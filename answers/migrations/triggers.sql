-- What is published or recorded is append-only: the database itself refuses to change or delete it.
CREATE FUNCTION answers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published answers are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER answers_published_frozen BEFORE UPDATE OR DELETE ON answers_answer
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION answers_refuse_change();
CREATE TRIGGER answers_kept BEFORE TRUNCATE ON answers_answer
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();
CREATE TRIGGER answers_conflict_copy_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON answers_answerconflictcopy
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();

-- Only a withdrawal may be written in an update, once.
CREATE FUNCTION answers_update_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
       AND to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason']
         = to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'updates of a follow-up are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER answers_update_kept BEFORE UPDATE OR DELETE ON answers_progressupdate
    FOR EACH ROW EXECUTE FUNCTION answers_update_kept();
CREATE TRIGGER answers_updates_kept BEFORE TRUNCATE ON answers_progressupdate
    FOR EACH STATEMENT EXECUTE FUNCTION answers_update_kept();
CREATE TRIGGER answers_milestone_kept BEFORE UPDATE OR DELETE ON answers_milestone
    FOR EACH ROW EXECUTE FUNCTION answers_refuse_change();
CREATE TRIGGER answers_milestones_kept BEFORE TRUNCATE ON answers_milestone
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();

-- The statement of a service is written in the row that requested it, once.
CREATE FUNCTION answers_hearing_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.heard_on IS NULL AND NEW.heard_on IS NOT NULL
       AND to_jsonb(OLD) - ARRAY['heard_on', 'heard_by', 'summary', 'recorded_by_id']
         = to_jsonb(NEW) - ARRAY['heard_on', 'heard_by', 'summary', 'recorded_by_id'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'hearings of the follow-up committee are append-only (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER answers_hearing_kept BEFORE UPDATE OR DELETE ON answers_followuphearing
    FOR EACH ROW EXECUTE FUNCTION answers_hearing_kept();
CREATE TRIGGER answers_hearings_kept BEFORE TRUNCATE ON answers_followuphearing
    FOR EACH STATEMENT EXECUTE FUNCTION answers_hearing_kept();
CREATE TRIGGER answers_remark_kept BEFORE UPDATE OR DELETE ON answers_followupremark
    FOR EACH ROW EXECUTE FUNCTION answers_refuse_change();
CREATE TRIGGER answers_remarks_kept BEFORE TRUNCATE ON answers_followupremark
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();

-- Once a report is published, only what was withdrawn leaves its content.
CREATE FUNCTION answers_report_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.published_at IS NULL
       OR to_jsonb(OLD) - ARRAY['content', 'noted_at'] = to_jsonb(NEW) - ARRAY['content', 'noted_at']) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'published progress reports are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER answers_report_kept BEFORE UPDATE OR DELETE ON answers_progressreport
    FOR EACH ROW EXECUTE FUNCTION answers_report_kept();
CREATE TRIGGER answers_reports_kept BEFORE TRUNCATE ON answers_progressreport
    FOR EACH STATEMENT EXECUTE FUNCTION answers_report_kept();
