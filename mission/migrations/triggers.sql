-- Values and sheets of indicators are append-only.
CREATE FUNCTION mission_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER mission_indicatorvalue_frozen BEFORE UPDATE OR DELETE ON mission_indicatorvalue
    FOR EACH ROW EXECUTE FUNCTION mission_refuse_change();
CREATE TRIGGER mission_indicatorvalue_kept BEFORE TRUNCATE ON mission_indicatorvalue
    FOR EACH STATEMENT EXECUTE FUNCTION mission_refuse_change();
CREATE TRIGGER mission_manualvalue_frozen BEFORE UPDATE OR DELETE ON mission_manualvalue
    FOR EACH ROW EXECUTE FUNCTION mission_refuse_change();
CREATE TRIGGER mission_manualvalue_kept BEFORE TRUNCATE ON mission_manualvalue
    FOR EACH STATEMENT EXECUTE FUNCTION mission_refuse_change();
CREATE TRIGGER mission_indicatorsheet_frozen BEFORE UPDATE OR DELETE ON mission_indicatorsheet
    FOR EACH ROW EXECUTE FUNCTION mission_refuse_change();
CREATE TRIGGER mission_indicatorsheet_kept BEFORE TRUNCATE ON mission_indicatorsheet
    FOR EACH STATEMENT EXECUTE FUNCTION mission_refuse_change();

-- Whoever is tied to an association, by its SIREN or RNA number, neither marks nor reads its application.
CREATE FUNCTION mission_grant_score_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mission_readerinterest tie JOIN mission_grantapplication grant_
            ON (tie.siret <> '' AND left(tie.siret, 9) = left(grant_.siret, 9)
                OR tie.rna <> '' AND tie.rna = grant_.rna)
        WHERE grant_.id = NEW.application_id AND tie.user_id = NEW.reader_id
    ) THEN
        RAISE EXCEPTION 'a reader tied to the association gives no marks' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM mission_grantapplication
        WHERE id = NEW.application_id AND NEW.reader_id IN (first_reader_id, second_reader_id)
    ) THEN
        RAISE EXCEPTION 'whoever gives marks is a reader of the application' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mission_grant_score_check BEFORE INSERT OR UPDATE ON mission_grantscore
    FOR EACH ROW EXECUTE FUNCTION mission_grant_score_check();

CREATE FUNCTION mission_grant_reader_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mission_readerinterest tie
        WHERE (tie.siret <> '' AND left(tie.siret, 9) = left(NEW.siret, 9) OR tie.rna <> '' AND tie.rna = NEW.rna)
            AND tie.user_id IN (NEW.first_reader_id, NEW.second_reader_id)
    ) THEN
        RAISE EXCEPTION 'a reader tied to the association reads nothing of it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mission_grant_reader_check BEFORE INSERT OR UPDATE OF siret, rna, first_reader_id, second_reader_id
    ON mission_grantapplication FOR EACH ROW WHEN (NEW.state = 'assessment')
    EXECUTE FUNCTION mission_grant_reader_check();

-- The payments of a grant never exceed what was voted.
CREATE FUNCTION mission_grant_payment_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    voted numeric;
    signed date;
    paid numeric;
BEGIN
    SELECT voted_amount, agreement_signed_on INTO voted, signed FROM mission_grantapplication
        WHERE id = NEW.row_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO paid FROM mission_grantpayment WHERE row_id = NEW.row_id AND id <> NEW.id;
    IF voted IS NULL OR paid + NEW.amount > voted THEN
        RAISE EXCEPTION 'payments of a grant exceed what was voted' USING ERRCODE = 'check_violation';
    END IF;
    IF voted > 23000 AND signed IS NULL THEN
        RAISE EXCEPTION 'a grant above 23,000 euros is paid after its agreement' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mission_grant_payment_check BEFORE INSERT OR UPDATE ON mission_grantpayment
    FOR EACH ROW EXECUTE FUNCTION mission_grant_payment_check();

-- A letter that was sent does not change.
CREATE FUNCTION mission_refuse_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A letter that left does not change (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER mission_watchdigest_sent BEFORE UPDATE OR DELETE ON mission_watchdigest
    FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION mission_refuse_sent();
CREATE TRIGGER mission_listmessage_sent BEFORE UPDATE OR DELETE ON mission_listmessage
    FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION mission_refuse_sent();

-- A traveller has the moments and the state of the trip; `keys.sql` keeps them equal later.
CREATE FUNCTION mission_trip_traveller_moments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT starts_at, ends_at, state INTO NEW.starts_at, NEW.ends_at, NEW.state
        FROM mission_trip WHERE id = NEW.row_id;
    RETURN NEW;
END $$;
CREATE TRIGGER mission_trip_traveller_moments BEFORE INSERT OR UPDATE OF row_id ON mission_triptraveller
    FOR EACH ROW EXECUTE FUNCTION mission_trip_traveller_moments();
