"""Pages that somebody has pinned to the menu, five at most."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_user_has_pins"),
        ("institution", "0003_workload_is_a_setting"),
        ("tasks", "0002_decided_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_type", models.CharField(blank=True, editable=False, max_length=80)),
                ("object_id", models.CharField(blank=True, editable=False, max_length=40)),
                ("path", models.CharField(blank=True, editable=False, max_length=300)),
                ("page_title", models.CharField(blank=True, editable=False, max_length=200, verbose_name="sur")),
                ("place", models.PositiveSmallIntegerField(editable=False)),
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
                    "term",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institution.term",
                        verbose_name="mandature",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "épingle",
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "place"), name="pin_place_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("object_type", ""), _negated=True),
                        fields=("user", "object_type", "object_id"),
                        name="pin_object_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("object_type", "")), fields=("user", "path"), name="pin_page_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("place__range", (1, 5))), name="pin_at_most_five"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("path", ""), _negated=True), models.Q(("page_title", ""), _negated=True)
                        ),
                        name="pin_has_page",
                    ),
                ],
            },
        ),
    ]
