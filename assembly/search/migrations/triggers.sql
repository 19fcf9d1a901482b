-- A word is deleted with the last entry that holds it.
CREATE FUNCTION search_drop_unheld_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_searchword WHERE id IN (SELECT word_id FROM gone)
        AND NOT EXISTS (SELECT 1 FROM search_searchwordentry WHERE word_id = search_searchword.id);
    RETURN NULL;
END $$;
CREATE TRIGGER search_words_held AFTER DELETE ON search_searchwordentry
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_drop_unheld_words();
