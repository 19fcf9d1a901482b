import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0001_initial"),
        ("institution", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Distribution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key", models.CharField(max_length=150, unique=True)),
                ("kind", models.CharField("nature", max_length=60)),
                ("title", models.CharField("objet", max_length=200)),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=40)),
                ("assembly", models.ForeignKey("institution.assembly", models.PROTECT, related_name="+")),
                (
                    "term",
                    models.ForeignKey("institution.term", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("requested_at", models.DateTimeField("demandé le")),
                (
                    "send_at",
                    models.DateTimeField(
                        "à envoyer le",
                        blank=True,
                        help_text="Vide : tout de suite. Les courriels attendent cette heure.",
                        null=True,
                    ),
                ),
                ("stopped_at", models.DateTimeField("arrêté le", blank=True, null=True)),
                ("attachments", models.JSONField("pièces jointes", default=list)),
            ],
            options={
                "verbose_name": "envoi",
                "ordering": ["-requested_at", "-pk"],
                "indexes": [
                    models.Index(fields=["term", "-requested_at", "-id"], name="distribution_latest"),
                    models.Index(fields=["assembly", "-requested_at", "-id"], name="distribution_of_assembly"),
                    models.Index(fields=["subject_type", "subject_id"], name="distribution_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "distribution",
                    models.ForeignKey("notifications.distribution", models.PROTECT, related_name="batches"),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("requested_at", models.DateTimeField("demandé le")),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(editable=False, unique=True)),
                ("key", models.CharField(max_length=190, unique=True)),
                (
                    "distribution",
                    models.ForeignKey("notifications.distribution", models.PROTECT, related_name="deliveries"),
                ),
                ("person", models.ForeignKey("identity.person", models.PROTECT, null=True, related_name="deliveries")),
                ("recipient_name", models.CharField("destinataire", max_length=170)),
                ("sort_name", models.CharField(editable=False, max_length=170)),
                (
                    "way",
                    models.CharField(
                        "voie",
                        choices=[("email", "courriel"), ("paper", "lettre"), ("in_app", "avis sur le site")],
                        max_length=6,
                    ),
                ),
                ("address", models.TextField("adresse", blank=True, max_length=700)),
                ("context", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("queued", "en attente"),
                            ("in_flight", "en cours d’envoi"),
                            ("sent", "envoyé"),
                            ("bounced", "refusé"),
                            ("complained", "signalé comme indésirable"),
                            ("failed", "pas parti"),
                            ("to_check", "à vérifier"),
                            ("printed", "imprimé"),
                            ("handed_over", "remis"),
                            ("withheld", "pas envoyé"),
                            ("cancelled", "arrêté"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("message_id", models.CharField(max_length=255, null=True, unique=True)),
                ("issue", models.PositiveSmallIntegerField(default=1)),
                ("attempts", models.PositiveSmallIntegerField("essais", default=0)),
                ("next_attempt_at", models.DateTimeField("prochain essai", null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("claimed_by", models.PositiveSmallIntegerField(null=True)),
                ("sent_at", models.DateTimeField("envoyé le", null=True)),
                ("digest", models.CharField("empreinte du message", blank=True, max_length=64)),
                ("delivered_at", models.DateTimeField("arrivé le", null=True)),
                ("bounced_at", models.DateTimeField("refusé le", null=True)),
                (
                    "batch",
                    models.ForeignKey("notifications.letterbatch", models.PROTECT, null=True, related_name="letters"),
                ),
                ("printed_at", models.DateTimeField("imprimé le", null=True)),
                ("handed_over_at", models.DateTimeField("remis le", null=True)),
                ("called_at", models.DateTimeField("appelé le", null=True)),
                (
                    "called_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("error", models.CharField("explication", blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "remise",
                "ordering": ["sort_name", "pk"],
                "indexes": [
                    models.Index(
                        condition=Q(state="queued", way="email"), fields=["next_attempt_at", "id"], name="delivery_due"
                    ),
                    models.Index(condition=Q(state="in_flight"), fields=["claimed_by"], name="delivery_in_flight"),
                    models.Index(fields=["distribution", "state"], name="delivery_counters"),
                    models.Index(fields=["distribution", "sort_name", "id"], name="delivery_by_name"),
                    models.Index(
                        condition=Q(state__in=["queued", "to_check", "failed", "printed"]),
                        fields=["distribution", "state"],
                        name="delivery_waiting",
                    ),
                    models.Index(
                        condition=Q(called_at=None, state__in=["bounced", "complained"]),
                        fields=["distribution"],
                        name="delivery_to_call",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            state__in=[
                                "bounced",
                                "cancelled",
                                "complained",
                                "failed",
                                "in_flight",
                                "queued",
                                "sent",
                                "to_check",
                            ],
                            way="email",
                        )
                        | Q(state__in=["cancelled", "handed_over", "printed", "queued"], way="paper")
                        | Q(state="sent", way="in_app")
                        | Q(state="withheld"),
                        name="delivery_state_fits_way",
                    ),
                    models.CheckConstraint(
                        condition=Q(message_id__isnull=False, way="email")
                        | Q(~Q(way="email"), message_id=None)
                        | Q(message_id=None, state="withheld"),
                        name="delivery_message_id_iff_email",
                    ),
                    models.CheckConstraint(
                        condition=Q(claimed_at__isnull=False, claimed_by__isnull=False, state="in_flight")
                        | Q(~Q(state="in_flight"), claimed_at=None, claimed_by=None),
                        name="delivery_claimed_iff_in_flight",
                    ),
                    models.CheckConstraint(
                        condition=Q(next_attempt_at__isnull=False, state="queued", way="email")
                        | Q(~Q(state="queued", way="email"), next_attempt_at=None),
                        name="delivery_next_attempt_iff_queued_email",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["sent", "complained"]) | Q(sent_at__isnull=False),
                        name="delivery_sent_has_date",
                    ),
                    models.CheckConstraint(
                        condition=Q(state__in=["bounced", "complained", "sent"]) | ~Q(sent_at__isnull=False),
                        name="delivery_sent_at_only_when_sent",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["bounced", "complained"]), ("bounced_at__isnull", False))
                        | Q(~Q(state__in=["bounced", "complained"]), ~Q(bounced_at__isnull=False)),
                        name="delivery_bounced_at_iff_bounced",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["handed_over", "printed"]), ("printed_at__isnull", False))
                        | Q(~Q(state__in=["handed_over", "printed"]), ~Q(printed_at__isnull=False)),
                        name="delivery_printed_at_iff_printed",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["handed_over"]), ("handed_over_at__isnull", False))
                        | Q(~Q(state__in=["handed_over"]), ~Q(handed_over_at__isnull=False)),
                        name="delivery_handed_over_at_iff_handed_over",
                    ),
                    models.CheckConstraint(
                        condition=Q(("batch", None), ~Q(state__in=["printed", "handed_over"]))
                        | Q(batch__isnull=False, way="paper"),
                        name="delivery_printed_in_a_batch",
                    ),
                    models.CheckConstraint(
                        condition=Q(called_at=None, called_by=None)
                        | Q(called_at__isnull=False, called_by__isnull=False),
                        name="delivery_called_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True)),
                ("delivery", models.ForeignKey("notifications.delivery", models.PROTECT, related_name="events")),
                ("message_id", models.CharField(max_length=255)),
                (
                    "kind",
                    models.CharField(
                        "nature",
                        choices=[
                            ("accepted", "pris en charge"),
                            ("delivered", "arrivé"),
                            ("deferred", "retardé"),
                            ("bounced", "refusé"),
                            ("complained", "signalé comme indésirable"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_final", models.BooleanField(default=False)),
                ("happened_at", models.DateTimeField("moment")),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("detail", models.CharField("réponse du serveur", blank=True, max_length=300)),
            ],
            options={
                "ordering": ["happened_at", "pk"],
                "indexes": [models.Index(fields=["message_id"], name="delivery_event_message")],
            },
        ),
        migrations.CreateModel(
            name="LocalMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(db_index=True, max_length=255)),
                ("sender", models.CharField(max_length=320)),
                ("recipients", models.TextField()),
                ("subject", models.TextField(blank=True)),
                ("raw", models.BinaryField()),
                ("received_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        "identity.person",
                        models.CASCADE,
                        primary_key=True,
                        related_name="mail_preference",
                        serialize=False,
                    ),
                ),
                (
                    "optional_mail",
                    models.BooleanField("recevoir aussi les nouvelles et les rappels par courriel", default=True),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
        ),
    ]
