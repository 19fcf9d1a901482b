-- A task is decided where a sitting has it, and nowhere else. Checked at the commit: one of the two is written first.
CREATE FUNCTION sittings_decided_task() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    task_key bigint;
BEGIN
    IF TG_TABLE_NAME = 'tasks_task' THEN
        task_key := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        task_key := OLD.task_id;
    ELSE
        task_key := NEW.task_id;
    END IF;
    IF EXISTS (
        SELECT FROM tasks_task task WHERE task.id = task_key
        AND task.is_decided <> EXISTS (SELECT FROM sittings_actionitem action WHERE action.task_id = task.id)
    ) THEN
        RAISE EXCEPTION 'task % is decided without a sitting, or is of a sitting without being decided', task_key
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sittings_decided_task AFTER INSERT OR UPDATE OF is_decided ON tasks_task
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sittings_decided_task();
CREATE CONSTRAINT TRIGGER sittings_decided_task AFTER INSERT OR UPDATE OF task_id OR DELETE ON sittings_actionitem
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sittings_decided_task();
