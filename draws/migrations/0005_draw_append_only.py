"""What proves a draw is never rewritten: quotas, frozen lists, lots, digits and results refuse UPDATE and DELETE."""

from django.db import migrations

FROZEN = ["quotaversion", "frozenpool", "ballreading", "drawresult", "incident", "placement"]
FUNCTION = """
CREATE FUNCTION draws_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'proofs of a draw are append-only (% on %)', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
ROWS = "".join(
    f"""
CREATE TRIGGER draws_{table}_frozen BEFORE UPDATE OR DELETE ON draws_{table}
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_{table}_kept BEFORE TRUNCATE ON draws_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION draws_refuse_change();
"""
    for table in FROZEN
)
OTHERS = """
CREATE TRIGGER draws_poolentry_frozen BEFORE UPDATE ON draws_poolentry
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_computation_frozen BEFORE UPDATE OR DELETE ON draws_computation
    FOR EACH ROW WHEN (OLD.lots IS NOT NULL) EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_draw_frozen BEFORE UPDATE ON draws_draw
    FOR EACH ROW WHEN (OLD.state IN ('revealed', 'void')) EXECUTE FUNCTION draws_refuse_change();
CREATE TRIGGER draws_draw_kept BEFORE DELETE ON draws_draw
    FOR EACH ROW EXECUTE FUNCTION draws_refuse_change();
"""
BACKWARD = (
    "".join(
        f"DROP TRIGGER draws_{table}_frozen ON draws_{table}; DROP TRIGGER draws_{table}_kept ON draws_{table};"
        for table in FROZEN
    )
    + """
DROP TRIGGER draws_poolentry_frozen ON draws_poolentry;
DROP TRIGGER draws_computation_frozen ON draws_computation;
DROP TRIGGER draws_draw_frozen ON draws_draw;
DROP TRIGGER draws_draw_kept ON draws_draw;
DROP FUNCTION draws_refuse_change();
"""
)


class Migration(migrations.Migration):
    dependencies = [("draws", "0004_draw_tables")]

    operations = [migrations.RunSQL(FUNCTION + ROWS + OTHERS, BACKWARD)]
