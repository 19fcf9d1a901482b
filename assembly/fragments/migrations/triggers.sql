-- Notes each changed table once a transaction; `fragments/cache.py` attaches it to the tables.
CREATE FUNCTION fragments_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted text := COALESCE(current_setting('assembly.tables_noted', true), '');
BEGIN
    IF position('"' || TG_TABLE_NAME || '"' IN noted) = 0 THEN
        INSERT INTO fragments_tablechange ("table", times) VALUES (TG_TABLE_NAME, 1);
        -- Local to the transaction, and taken back with a savepoint, as the row is.
        PERFORM set_config('assembly.tables_noted', noted || '"' || TG_TABLE_NAME || '"', true);
    END IF;
    RETURN NULL;
END $$;
