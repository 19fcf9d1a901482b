-- The key by which names are sorted; `assembly.text.french.alphabetical` computes the same. Each number has twelve
-- digits: zeros are put in front, then those in excess are taken away.
CREATE OR REPLACE FUNCTION alphabetical(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(regexp_replace(ltrim(regexp_replace(
    replace(replace(replace(replace(replace(
        lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f«»“”"]', '', 'g')),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'ø', 'o'), 'ł', 'l'),
    '[’''‐–-]', ' ', 'g'
)), '([0-9]+)', '00000000000\1', 'g'), '(^|[^0-9])0+([0-9]{12})', '\1\2', 'g');
