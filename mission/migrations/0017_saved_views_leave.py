"""Saved views pass to their own app, with their keys: links and mails that left go on opening them."""

from django.db import migrations

VIEW = 'id, assembly_id, term_id, name, query, token, is_shared, directorate_id, created_at, created_by_id'
SUBSCRIPTION = 'id, view_id, user_id, started_at, last_sent_on'


def passed(source, source_key, target, target_key):
    """The rows of one app to the other; the next keys come after the last ones."""
    return f"""
    INSERT INTO {target}_savedview ({target_key}, {VIEW}) SELECT {source_key}, {VIEW} FROM {source}_savedview;
    INSERT INTO {target}_viewsubscription ({SUBSCRIPTION}) SELECT {SUBSCRIPTION} FROM {source}_viewsubscription;
    SELECT setval(pg_get_serial_sequence('{target}_' || name, 'id'), last)
        FROM (SELECT 'savedview' AS name, max(id) AS last FROM {target}_savedview
              UNION ALL SELECT 'viewsubscription', max(id) FROM {target}_viewsubscription) AS found
        WHERE last IS NOT NULL;
    DELETE FROM {source}_viewsubscription;
    DELETE FROM {source}_savedview;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    """


class Migration(migrations.Migration):

    dependencies = [
        ('mission', '0016_support_from_the_room'),
        ('saved_views', '0001_saved_views'),
    ]

    operations = [
        migrations.RunSQL(
            passed('mission', 'register', 'saved_views', 'list_key'),
            passed('saved_views', 'list_key', 'mission', 'register'),
        ),
        migrations.DeleteModel(name='ViewSubscription'),
        migrations.DeleteModel(name='SavedView'),
    ]
