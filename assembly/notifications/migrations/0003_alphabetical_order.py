"""The key of a mail by name is that of its person (`identity.0005`), where the person still has the name it bears."""

from django.db import migrations

DELIVERIES = """
UPDATE notifications_delivery SET sort_name = person.sort_name
FROM identity_person AS person
WHERE person.id = person_id
  AND recipient_name = trim(person.first_name || ' ' || person.last_name)
  AND notifications_delivery.sort_name <> person.sort_name;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0005_alphabetical_order"),
        ("notifications", "0002_distribution_send_at"),
    ]

    operations = [migrations.RunSQL(DELIVERIES, migrations.RunSQL.noop)]
