"""Portraits of members on the public pages."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import CheckConstraint, Q

from assembly.identity.columns import optional_key


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
        ("members", "0002_move_import_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Portrait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.OneToOneField("members.member", models.PROTECT, related_name="portrait")),
                ("photo", optional_key("documents.upload", "photo")),
                ("statement", models.TextField("quelques mots", blank=True, max_length=240)),
                ("guardian", models.CharField("accord écrit de", blank=True, max_length=160)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("changed_at", models.DateTimeField("modifié le", auto_now=True)),
                ("published_at", models.DateTimeField("mis en ligne le", blank=True, null=True)),
                ("published_by", optional_key(settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "portrait",
                "ordering": ["member__person__sort_name", "pk"],
                "constraints": [
                    CheckConstraint(condition=Q(photo__isnull=False) | ~Q(statement=""), name="portrait_not_empty"),
                    CheckConstraint(
                        condition=Q(published_at=None, published_by=None)
                        | Q(published_at__isnull=False, published_by__isnull=False),
                        name="portrait_published_by_iff_published",
                    ),
                ],
            },
        ),
    ]
