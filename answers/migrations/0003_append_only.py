"""A published answer is never rewritten: it refuses UPDATE and DELETE, and the table TRUNCATE."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION answers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published answers are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER answers_published_frozen BEFORE UPDATE OR DELETE ON answers_answer
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION answers_refuse_change();

CREATE TRIGGER answers_kept BEFORE TRUNCATE ON answers_answer
    FOR EACH STATEMENT EXECUTE FUNCTION answers_refuse_change();
"""

BACKWARD = """
DROP TRIGGER answers_kept ON answers_answer;
DROP TRIGGER answers_published_frozen ON answers_answer;
DROP FUNCTION answers_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("answers", "0002_steps_and_versions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
