"""The trigger writes links with the rights of the owner: the application's role needs no right to write them itself.

`pg_temp` comes last in the search path, so that a temporary table of the caller never stands for the chain.
"""

from django.db import migrations

FORWARD = "ALTER FUNCTION audit_link_entry() SECURITY DEFINER SET search_path = public, pg_temp;"
BACKWARD = "ALTER FUNCTION audit_link_entry() SECURITY INVOKER RESET search_path;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_link_at_commit_and_forbid_change")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
