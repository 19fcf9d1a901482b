"""The key of candidates by name is that of persons (`identity.0005`)."""

from django.db import migrations

CANDIDATES = """
UPDATE draws_candidate SET sort_name = alphabetical(last_name || ' ' || first_name)
WHERE sort_name <> alphabetical(last_name || ' ' || first_name);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0005_alphabetical_order"),
        ("draws", "0011_internal_draws"),
    ]

    operations = [migrations.RunSQL(CANDIDATES, migrations.RunSQL.noop)]
