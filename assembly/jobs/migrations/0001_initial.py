from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JobSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=200)),
                ("slot", models.CharField(max_length=40)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["job", "-started_at"], name="job_slot_latest")],
                "constraints": [models.UniqueConstraint(fields=("job", "slot"), name="job_slot_once")],
            },
        ),
        migrations.CreateModel(
            name="FailedJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField("travail", max_length=200)),
                ("arguments", models.JSONField(default=list)),
                ("error", models.CharField("erreur", max_length=200)),
                ("failed_at", models.DateTimeField("échoué le")),
                ("retried_at", models.DateTimeField("relancé le", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(retried_at=None), fields=["-failed_at", "-id"], name="failed_job_open")
                ]
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField()),
                ("owner", models.CharField(max_length=20)),
                ("target", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("claimed_at", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("location", models.TextField(db_default="")),
            ],
            options={
                "indexes": [models.Index(fields=["claimed_at"], name="idempotency_key_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "owner", "target"), name="idempotency_key_once")
                ],
            },
        ),
    ]
