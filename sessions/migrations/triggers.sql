-- The lines of a claim that was sent, batches, and the rates that claims were computed with do not change.
CREATE FUNCTION sittings_expense_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line sittings_expenseline := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    claim_state text := (SELECT state FROM sittings_expenseclaim WHERE id = line.claim_id);
BEGIN
    IF claim_state IN ('draft', 'returned')
        OR TG_OP = 'DELETE' AND claim_state IN ('paid', 'refused', 'withdrawn')
    THEN
        RETURN line;
    END IF;
    RAISE EXCEPTION 'the lines of a claim in state % are frozen (%)', claim_state, TG_OP
        USING ERRCODE = 'restrict_violation';
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

-- A stay is on the day of its sitting; a vote during it. A constraint cannot compare two tables.
CREATE FUNCTION sittings_stay_on_its_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.voided_at IS NULL AND EXISTS (
        SELECT FROM sittings_invitee invitee JOIN sittings_sitting sitting ON sitting.id = invitee.sitting_id
        WHERE invitee.id = NEW.invitee_id
        AND (NEW.arrived_at < sitting.starts_at - interval '12 hours'
            OR coalesce(NEW.left_at, NEW.arrived_at) > sitting.ends_at + interval '36 hours')
    ) THEN
        RAISE EXCEPTION 'this stay is not on the day of its sitting' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sittings_stay_on_its_day BEFORE INSERT OR UPDATE OF arrived_at, left_at, voided_at
    ON sittings_attendance FOR EACH ROW EXECUTE FUNCTION sittings_stay_on_its_day();

CREATE FUNCTION sittings_vote_in_its_sitting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.counted_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM sittings_agendaitem item JOIN sittings_sitting sitting ON sitting.id = item.sitting_id
        WHERE item.id = NEW.agenda_item_id
        AND NEW.counted_at >= sitting.opened_at - interval '1 minute'
        AND NEW.counted_at <= coalesce(sitting.closed_at, NEW.counted_at) + interval '1 minute'
    ) THEN
        RAISE EXCEPTION 'this vote was not taken during its sitting' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sittings_vote_in_its_sitting BEFORE INSERT OR UPDATE OF counted_at
    ON sittings_ballot FOR EACH ROW EXECUTE FUNCTION sittings_vote_in_its_sitting();

-- Nothing counts without the quorum of its moment, and a proclaimed vote does not change.
CREATE FUNCTION sittings_needs_quorum(item bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM sittings_agendaitem AS item_row
        JOIN sittings_sitting AS sitting ON sitting.id = item_row.sitting_id
        JOIN institution_term AS term ON term.id = sitting.term_id
        WHERE item_row.id = item AND sitting.is_quorum_required AND term.quorum_rule <> 'none'
    )
$$;

CREATE FUNCTION sittings_ballot_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'proclaimed' AND NEW.state = 'proclaimed' AND
        (OLD.agenda_item_id, OLD.question, OLD.majority_rule, OLD.votes_for, OLD.votes_against, OLD.abstentions,
         OLD.no_opinion, OLD.present, OLD.present_invitees, OLD.quorum, OLD.members_in_office, OLD.result,
         OLD.casting_vote_for, OLD.is_advisory, OLD.counted_at, OLD.proclaimed_at)
        IS DISTINCT FROM
        (NEW.agenda_item_id, NEW.question, NEW.majority_rule, NEW.votes_for, NEW.votes_against, NEW.abstentions,
         NEW.no_opinion, NEW.present, NEW.present_invitees, NEW.quorum, NEW.members_in_office, NEW.result,
         NEW.casting_vote_for, NEW.is_advisory, NEW.counted_at, NEW.proclaimed_at)
    THEN
        RAISE EXCEPTION 'a proclaimed vote does not change (%)', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IN ('counted', 'proclaimed') AND NEW.quorum IS NULL AND NOT NEW.is_advisory
        AND (TG_OP = 'INSERT' OR OLD.state <> NEW.state OR OLD.quorum IS NOT NULL
             OR OLD.counted_at IS DISTINCT FROM NEW.counted_at)
        AND sittings_needs_quorum(NEW.agenda_item_id)
    THEN
        RAISE EXCEPTION 'the sitting needs a quorum (ballot %)', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sittings_ballot_check BEFORE INSERT OR UPDATE ON sittings_ballot
    FOR EACH ROW EXECUTE FUNCTION sittings_ballot_check();

CREATE FUNCTION sittings_decision_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.quorum IS NULL AND NEW.mode = 'consent' AND sittings_needs_quorum(NEW.agenda_item_id) THEN
        RAISE EXCEPTION 'the sitting needs a quorum (decision %)', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sittings_decision_check BEFORE INSERT ON sittings_decision
    FOR EACH ROW EXECUTE FUNCTION sittings_decision_check();
