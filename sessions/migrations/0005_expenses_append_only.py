"""What was sent to the check stays as it was: lines, batches and the rates that paid claims name refuse a change."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION sittings_expense_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line sittings_expenseline := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    found text := (SELECT state FROM sittings_expenseclaim WHERE id = line.claim_id);
BEGIN
    IF found IN ('draft', 'returned') OR TG_OP = 'DELETE' AND found IN ('paid', 'refused', 'withdrawn') THEN
        RETURN line;
    END IF;
    RAISE EXCEPTION 'the lines of a claim in state % are frozen (%)', found, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER sittings_expense_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON sittings_expenseline
    FOR EACH ROW EXECUTE FUNCTION sittings_expense_line_frozen();

CREATE FUNCTION sittings_expense_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER sittings_expense_batch_frozen BEFORE UPDATE ON sittings_expensebatch
    FOR EACH ROW EXECUTE FUNCTION sittings_expense_frozen();

CREATE FUNCTION sittings_expense_rate_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.kind, OLD.amount, OLD.is_flat, OLD.valid_from, OLD.decision_reference)
        IS DISTINCT FROM (NEW.kind, NEW.amount, NEW.is_flat, NEW.valid_from, NEW.decision_reference)
    AND EXISTS (
        SELECT FROM sittings_expenseline line JOIN sittings_expenseclaim claim ON claim.id = line.claim_id
        WHERE line.rate_id = OLD.id AND claim.state NOT IN ('draft', 'returned', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'a claim was computed with this rate' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER sittings_expense_rate_frozen BEFORE UPDATE ON sittings_expenserate
    FOR EACH ROW EXECUTE FUNCTION sittings_expense_rate_frozen();
"""

BACKWARD = """
DROP TRIGGER sittings_expense_rate_frozen ON sittings_expenserate;
DROP FUNCTION sittings_expense_rate_frozen();
DROP TRIGGER sittings_expense_batch_frozen ON sittings_expensebatch;
DROP FUNCTION sittings_expense_frozen();
DROP TRIGGER sittings_expense_line_frozen ON sittings_expenseline;
DROP FUNCTION sittings_expense_line_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("sittings", "0004_expenses_and_absences")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
