from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField("moment")),
                ("event_type", models.CharField("verbe", max_length=80)),
                ("actor", models.UUIDField("auteur", help_text="Pseudonyme ; vide pour le système.", null=True)),
                ("on_behalf_of", models.UUIDField(null=True)),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=40)),
                ("dossier_type", models.CharField(blank=True, max_length=80)),
                ("dossier_id", models.CharField(blank=True, max_length=40)),
                ("term_id", models.BigIntegerField(null=True)),
                ("assembly_id", models.BigIntegerField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("canonical", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_entry_subject"),
                    models.Index(fields=["dossier_type", "dossier_id", "-id"], name="audit_entry_dossier"),
                    models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
                    models.Index(fields=["event_type", "-id"], name="audit_entry_event_type"),
                    models.Index(fields=["term_id", "-id"], name="audit_entry_term"),
                    models.Index(fields=["assembly_id", "-id"], name="audit_entry_assembly"),
                ]
            },
        ),
        migrations.CreateModel(
            name="EntryDetail",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        "audit.entry", models.CASCADE, primary_key=True, related_name="detail", serialize=False
                    ),
                ),
                ("nonce", models.CharField(max_length=32)),
                ("text", models.TextField(blank=True)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.OneToOneField("audit.entry", models.PROTECT, related_name="link")),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["-published_at"], name="audit_head_latest")]},
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION audit_link_entry, audit_refuse_change CASCADE",
        ),
    ]
