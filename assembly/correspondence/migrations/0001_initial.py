"""Create the messages that the team writes: recipients, files, texts to start from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TeamMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "à relire"), ("sent", "envoyé"), ("cancelled", "abandonné")],
                        default="draft",
                        max_length=9,
                        verbose_name="état",
                    ),
                ),
                ("group", models.SlugField(max_length=24)),
                ("group_name", models.CharField(max_length=200, verbose_name="destinataires")),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=40)),
                ("query", models.TextField(blank=True, max_length=4000)),
                ("title", models.CharField(max_length=120, verbose_name="objet")),
                ("body", models.TextField(max_length=20000, verbose_name="texte")),
                ("facts", models.JSONField(default=dict)),
                ("substitutes", models.JSONField(default=dict)),
                ("count", models.PositiveIntegerField(default=0, verbose_name="personnes")),
                ("frozen_at", models.DateTimeField(verbose_name="destinataires figés le")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="envoyé le")),
                (
                    "distribution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notifications.distribution",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institution.term"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "message de l’équipe",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="MessageRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_left_out", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.person"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="correspondence.teammessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "destinataire d’un message",
            },
        ),
        migrations.CreateModel(
            name="MessageFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "revision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.revision",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.upload",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="correspondence.teammessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "pièce jointe",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("offered", "proposé"), ("removed", "retiré")],
                        default="offered",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="nom du modèle")),
                ("title", models.CharField(max_length=120, verbose_name="objet")),
                ("body", models.TextField(max_length=20000, verbose_name="texte")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="institution.assembly"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "modèle de texte",
                "ordering": ["name__alphabetical", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["offered", "removed"])), name="saved_text_state_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "offered")),
                        fields=("assembly", "name"),
                        name="saved_text_name_once",
                        violation_error_code="name",
                        violation_error_message="Un modèle porte déjà ce nom.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="teammessage",
            index=models.Index(fields=["term", "-id"], name="team_message_latest"),
        ),
        migrations.AddIndex(
            model_name="teammessage",
            index=models.Index(fields=["subject_type", "subject_id"], name="team_message_subject"),
        ),
        migrations.AddConstraint(
            model_name="teammessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "sent", "cancelled"])), name="team_message_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="teammessage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("distribution__isnull", False), ("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="team_message_sent_has_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("sent_at__gte", models.F("frozen_at")), _connector="OR"),
                name="team_message_frozen_before_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="messagerecipient",
            constraint=models.UniqueConstraint(fields=("message", "person"), name="message_recipient_once"),
        ),
        migrations.AddConstraint(
            model_name="messagefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revision__isnull", False), ("upload", None)),
                    models.Q(("revision", None), ("upload__isnull", False)),
                    _connector="OR",
                ),
                name="message_file_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="messagefile",
            constraint=models.UniqueConstraint(fields=("message", "revision"), name="message_file_once"),
        ),
    ]
