-- The key by which names are sorted; `assembly.text.alphabetical` computes the same.
CREATE FUNCTION alphabetical(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ltrim(regexp_replace(
    replace(replace(replace(replace(replace(
        lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f«»“”"]', '', 'g')),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'ø', 'o'), 'ł', 'l'),
    '[’''‐–-]', ' ', 'g'
));
