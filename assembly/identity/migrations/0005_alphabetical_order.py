"""`alphabetical(text)`: the key by which names are sorted (`assembly.ui.alphabetical` makes the same); that of persons
becomes it too, so that « d’Almeida » stands beside « d'Almeida »."""

from django.db import migrations

FUNCTION = r"""
CREATE FUNCTION alphabetical(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ltrim(regexp_replace(
    replace(replace(replace(replace(replace(
        lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f«»“”"]', '', 'g')),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'ø', 'o'), 'ł', 'l'),
    '[’''‐–-]', ' ', 'g'
));
"""
PERSONS = """
UPDATE identity_person SET sort_name = alphabetical(last_name || ' ' || first_name)
WHERE anonymised_at IS NULL AND sort_name <> alphabetical(last_name || ' ' || first_name);
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_attempt_counters")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION alphabetical(text);"),
        migrations.RunSQL(PERSONS, migrations.RunSQL.noop),
    ]
