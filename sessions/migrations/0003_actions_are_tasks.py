"""What a sitting decides to do is a task: each action item becomes one, and ties it to its sitting and item.

The key of an action item stays: its former address and its lines in the journal name it. A task takes the moment at
which the journal says that the action was recorded. The list of actions had no saved views.

The way back writes the columns of the tasks into the action items and deletes the tasks. It keeps no reason for which
a task was put off or handed over, which actions did not have, and the lines of the journal about the tasks stay.
"""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TEMPORARY TABLE former_action ON COMMIT DROP AS
    SELECT action.id AS action_id, nextval(pg_get_serial_sequence('tasks_task', 'id')) AS task_id
    FROM (SELECT id FROM sittings_actionitem ORDER BY id) action;
INSERT INTO tasks_task (
    id, term_id, object_type, object_id, path, page_title, is_decided, text, owner_id, owner_text, due_on, repeat,
    note, state, closed_at, outcome, created_at, version
)
SELECT
    former.task_id, sitting.term_id, 'sittings.Sitting', sitting.id::text, '/bureau/seances/' || sitting.id || '/',
    left(sitting.title, 155) || ' (' || sitting.reference || ')', true, action.text, action.owner_id,
    action.owner_text, action.due_on, '', '', action.state, action.closed_at, action.outcome,
    coalesce(
        (
            SELECT min(entry.at) FROM audit_entry entry
            WHERE entry.subject_type = 'sittings.ActionItem' AND entry.subject_id = action.id::text
            AND entry.event_type = 'action.recorded'
        ),
        sitting.closed_at, sitting.starts_at
    ),
    1
FROM former_action former
JOIN sittings_actionitem action ON action.id = former.action_id
JOIN sittings_sitting sitting ON sitting.id = action.sitting_id;
UPDATE sittings_actionitem action SET task_id = former.task_id FROM former_action former
    WHERE former.action_id = action.id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
BACKWARD = """
UPDATE sittings_actionitem action SET
    text = task.text, owner_id = task.owner_id, owner_text = task.owner_text, due_on = task.due_on, state = task.state,
    closed_at = task.closed_at, outcome = task.outcome, task_id = NULL
FROM tasks_task task WHERE task.id = action.task_id;
DELETE FROM search_searchentry WHERE kind = 'task' AND object_id IN (SELECT id::text FROM tasks_task WHERE is_decided);
DELETE FROM tasks_task WHERE is_decided;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("search", "0001_initial"),
        ("sittings", "0002_paper_claims"),
        ("tasks", "0002_decided_tasks"),
    ]

    operations = [
        migrations.RemoveConstraint("actionitem", "action_closed_at_iff_closed"),
        migrations.RemoveConstraint("actionitem", "action_has_owner"),
        migrations.RemoveIndex("actionitem", "action_by_owner"),
        migrations.AddField(
            "actionitem",
            "task",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="action_item",
                to="tasks.task",
            ),
        ),
        # An empty text is what the way back writes first.
        migrations.AlterField("actionitem", "text", models.CharField("action", max_length=400, blank=True)),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            "actionitem",
            "task",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="action_item", to="tasks.task"
            ),
        ),
        migrations.AlterModelOptions("actionitem", {"ordering": ["pk"], "verbose_name": "action à suivre"}),
        *(
            migrations.RemoveField("actionitem", name)
            for name in ("text", "owner", "owner_text", "due_on", "state", "closed_at", "outcome")
        ),
        migrations.RunSQL(
            Path(__file__).with_name("decided_tasks.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION sittings_decided_task CASCADE",
        ),
    ]
