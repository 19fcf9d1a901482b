-- Publications of the profile are append-only.
CREATE FUNCTION members_refuse_publication_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'publications of a profile are append-only (%)', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER members_profile_frozen BEFORE UPDATE OR DELETE ON members_profilepublication
    FOR EACH ROW EXECUTE FUNCTION members_refuse_publication_change();
CREATE TRIGGER members_profiles_kept BEFORE TRUNCATE ON members_profilepublication
    FOR EACH STATEMENT EXECUTE FUNCTION members_refuse_publication_change();

-- No publication gives away who came or left.
CREATE FUNCTION members_refuse_revealing_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (
            SELECT mandates AS others FROM members_profilepublication
            WHERE term_id = NEW.term_id ORDER BY number DESC LIMIT 1
        ) AS latest
        WHERE (SELECT count(*) FROM jsonb_array_elements(NEW.mandates) AS one(id) WHERE NOT others @> one.id)
            + (SELECT count(*) FROM jsonb_array_elements(others) AS one(id) WHERE NOT NEW.mandates @> one.id) < 5
    ) THEN
        RAISE EXCEPTION 'fewer than five people changed since the last profile of term %', NEW.term_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM members_profilepublication AS earlier,
            jsonb_each(NEW.groups) AS one(name, features),
            jsonb_each(one.features) AS feature(name, cells),
            jsonb_each(feature.cells) AS cell(value, counts)
        WHERE earlier.term_id = NEW.term_id
            AND earlier.groups #> ARRAY[one.name, feature.name] IS NOT NULL
            AND abs((cell.counts ->> 0)::int
                - coalesce((earlier.groups #>> ARRAY[one.name, feature.name, cell.value, '0'])::int, 0))
                BETWEEN 1 AND 4
    ) THEN
        RAISE EXCEPTION 'a cell differs by one to four people from an earlier profile of term %', NEW.term_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER members_profile_discreet BEFORE INSERT ON members_profilepublication
    FOR EACH ROW EXECUTE FUNCTION members_refuse_revealing_profile();
