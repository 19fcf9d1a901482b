"""A task may be what a sitting decided: it has an owner, who may be written out, and does not end with a period."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]

    operations = [
        migrations.AddField(
            "task",
            "is_decided",
            models.BooleanField(db_default=False, default=False, editable=False, verbose_name="décidée en séance"),
        ),
        migrations.AddField(
            "task",
            "owner_text",
            models.CharField(
                blank=True, db_default="", max_length=160, verbose_name="qui s’en charge, en toutes lettres"
            ),
        ),
        migrations.AddConstraint(
            "task",
            models.CheckConstraint(
                condition=models.Q(("is_decided", True), ("owner_text", ""), _connector="OR"),
                name="task_owner_written_out_if_decided",
            ),
        ),
        migrations.AddConstraint(
            "task",
            models.CheckConstraint(
                condition=models.Q(
                    ("is_decided", False),
                    models.Q(
                        ("about", None),
                        ("note", ""),
                        ("repeat", ""),
                        models.Q(
                            ("owner__isnull", False),
                            models.Q(("owner_text", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="task_decided_has_owner",
            ),
        ),
    ]
