"""Text search in French that forgives accents: each word is stripped of its accents, then cut to its stem."""

from django.db import migrations

FORWARD = """
CREATE TEXT SEARCH CONFIGURATION french_unaccent (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION french_unaccent
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
"""
BACKWARD = "DROP TEXT SEARCH CONFIGURATION french_unaccent;"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("identity", "0002_extensions")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
