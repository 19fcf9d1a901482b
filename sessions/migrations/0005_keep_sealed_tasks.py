"""Store for minutes that were sealed before what their tasks say today: the nearest that is known."""

from django.db import migrations

FORWARD = """
UPDATE sittings_actionitem action SET
    sealed_text = task.text, sealed_owner_id = task.owner_id, sealed_owner_text = task.owner_text,
    sealed_due_on = task.due_on
FROM tasks_task task, sittings_minutes minutes
WHERE task.id = action.task_id AND minutes.sitting_id = action.sitting_id
    AND (minutes.internal_sealed_at IS NOT NULL OR minutes.public_sealed_at IS NOT NULL);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sittings", "0004_sealed_tasks"),
        ("tasks", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
