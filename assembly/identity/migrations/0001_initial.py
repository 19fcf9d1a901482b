import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(
            SQL.joinpath("alphabetical.sql").read_text(encoding="utf-8"), "DROP FUNCTION alphabetical CASCADE"
        ),
        migrations.CreateModel(
            name="AttemptCounter",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("since", models.DateTimeField()),
                ("last_at", models.DateTimeField(db_index=True)),
                ("blocked_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pseudonym", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("first_name", models.CharField("prénom", max_length=80)),
                ("last_name", models.CharField("nom", max_length=80)),
                ("sort_name", models.CharField(db_index=True, editable=False, max_length=170)),
                (
                    "capacity",
                    models.CharField(
                        "qualité", blank=True, help_text="Par exemple : « directrice de l’Autonomie ».", max_length=160
                    ),
                ),
                ("email", models.EmailField("adresse électronique", blank=True, max_length=254)),
                ("phone", models.CharField("téléphone", blank=True, max_length=30)),
                ("address", models.TextField("adresse postale", blank=True, max_length=500)),
                ("postcode", models.CharField("code postal", blank=True, max_length=5)),
                ("city", models.CharField("commune", blank=True, max_length=80)),
                (
                    "channel",
                    models.CharField(
                        "moyen de contact",
                        choices=[("email", "par courriel"), ("paper", "par courrier postal")],
                        default="email",
                        max_length=10,
                    ),
                ),
                ("anonymised_at", models.DateTimeField("anonymisée le", blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["sort_name", "pk"],
                "indexes": [models.Index(Lower("email"), name="person_email_lower")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            ~Q(first_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                            ~Q(last_name__regex="[/:@／：＠]|[.．。｡․][[:alpha:]]{2}"),
                        ),
                        name="person_names_are_no_links",
                        violation_error_message=(
                            "Un nom ne contient ni « / », ni « : », ni « @ », et un point y est suivi d’un espace."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=~Q(channel="email") | ~Q(email="") | Q(anonymised_at__isnull=False),
                        name="person_email_channel_has_email",
                        violation_error_message="Donnez une adresse électronique, ou choisissez le courrier postal.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField("password", max_length=128)),
                ("last_login", models.DateTimeField("last login", blank=True, null=True)),
                (
                    "person",
                    models.OneToOneField(
                        "identity.person", models.PROTECT, related_name="user", verbose_name="personne"
                    ),
                ),
                ("email", models.EmailField("adresse électronique", max_length=254, unique=True)),
                ("is_active", models.BooleanField("actif", default=True)),
                ("suspended_at", models.DateTimeField("suspendu le", blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower"),
                    models.CheckConstraint(
                        condition=Q(is_active=True, suspended_at=None)
                        | Q(is_active=False, suspended_at__isnull=False),
                        name="user_suspended_iff_inactive",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.ForeignKey("identity.person", models.PROTECT, related_name="erasure_requests")),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("pending", "à traiter"),
                            ("done", "effacé"),
                            ("refused", "refusé"),
                            ("withdrawn", "retirée"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField("demandé le")),
                (
                    "asked_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        related_name="erasures_asked",
                        verbose_name="demandé par",
                    ),
                ),
                ("statement", models.TextField("ce que dit la personne", blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField("répondu le", blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="erasures_answered",
                    ),
                ),
                ("answer", models.TextField("réponse", blank=True, max_length=2000)),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="pending"), fields=("person",), name="erasure_one_pending_request"
                    ),
                    models.CheckConstraint(
                        condition=Q(answered_at=None, state="pending")
                        | Q(~Q(state="pending"), answered_at__isnull=False),
                        name="erasure_answered_iff_not_pending",
                    ),
                ],
            },
        ),
    ]
