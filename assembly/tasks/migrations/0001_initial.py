"""Create tasks, notes, and what « À faire » shows each reader."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("institution", "0002_tasks_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskSwitch",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("shows_team", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_type", models.CharField(blank=True, editable=False, max_length=80)),
                ("object_id", models.CharField(blank=True, editable=False, max_length=40)),
                ("path", models.CharField(blank=True, editable=False, max_length=300)),
                ("page_title", models.CharField(blank=True, editable=False, max_length=200, verbose_name="sur")),
                ("text", models.CharField(max_length=400, verbose_name="à faire")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="pour le")),
                (
                    "repeat",
                    models.CharField(
                        blank=True,
                        choices=[("weekly", "chaque semaine"), ("monthly", "chaque mois"), ("yearly", "chaque année")],
                        max_length=8,
                        verbose_name="se répète",
                    ),
                ),
                ("starts_on", models.DateField(editable=False, null=True)),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="précisions")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "à faire"), ("done", "faite"), ("dropped", "abandonnée")],
                        default="open",
                        editable=False,
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="close le")),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="suite donnée")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="notée le"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="close par",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="notée par",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tasks.task",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                        verbose_name="qui s’en charge",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institution.term",
                        verbose_name="mandature",
                    ),
                ),
            ],
            options={
                "verbose_name": "tâche",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["term", "state", "due_on"], name="task_by_day"),
                    models.Index(fields=["owner", "state"], name="task_by_owner"),
                    models.Index(fields=["object_type", "object_id"], name="task_by_object"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state__in", ["done", "dropped"])),
                            models.Q(models.Q(("state__in", ["done", "dropped"]), _negated=True), ("closed_at", None)),
                            _connector="OR",
                        ),
                        name="task_closed_at_iff_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("object_id", ""), ("object_type", "")),
                            models.Q(("object_type", ""), ("object_id", ""), _connector="OR", _negated=True),
                            _connector="OR",
                        ),
                        name="task_object_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("repeat", ""), ("starts_on", None)),
                            models.Q(
                                models.Q(("repeat", ""), _negated=True),
                                ("due_on__isnull", False),
                                ("starts_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="task_repeats_from_a_day",
                        violation_error_code="due_on",
                        violation_error_message="Pour qu’une tâche se répète, donnez son premier jour.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("follows",),
                        name="task_followed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_type", models.CharField(blank=True, editable=False, max_length=80)),
                ("object_id", models.CharField(blank=True, editable=False, max_length=40)),
                ("path", models.CharField(blank=True, editable=False, max_length=300)),
                ("page_title", models.CharField(blank=True, editable=False, max_length=200, verbose_name="sur")),
                ("text", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="écrite le"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("written", "écrite"), ("erased", "effacée")],
                        default="written",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="identity.person",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="écrite par",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institution.term",
                        verbose_name="mandature",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "ordering": ["-written_at", "-pk"],
                "indexes": [models.Index(fields=["object_type", "object_id", "-written_at"], name="note_by_object")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("object_type", ""), ("object_id", ""), _connector="OR", _negated=True),
                        name="note_has_object",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "erased"), ("text", "")),
                            models.Q(
                                models.Q(("state", "erased"), _negated=True), models.Q(("text", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="note_text_iff_not_erased",
                    ),
                ],
            },
        ),
    ]
