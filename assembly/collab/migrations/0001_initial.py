import uuid
from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [("institution", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="SharedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField("nature", max_length=40)),
                ("title", models.CharField("titre", max_length=250)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("open", "ouvert"), ("annotating", "ouvert aux commentaires"), ("frozen", "figé")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("last_seq", models.PositiveBigIntegerField(default=0)),
                (
                    "listed_seq",
                    models.PositiveBigIntegerField(default=0, help_text="Propositions relevées jusque-là."),
                ),
                ("schema_version", models.PositiveSmallIntegerField()),
                (
                    "assembly",
                    models.ForeignKey(
                        "institution.assembly", models.PROTECT, related_name="+", verbose_name="assemblée"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("frozen_at", models.DateTimeField("figé le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "texte",
                "ordering": ["pk"],
                "indexes": [models.Index(condition=~Q(last_seq=F("listed_seq")), fields=["id"], name="text_to_list")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=["open", "annotating", "frozen"]), name="text_state_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(frozen_at__isnull=False, state="frozen") | Q(~Q(state="frozen"), frozen_at=None),
                        name="text_frozen_at_iff_frozen",
                    ),
                    models.CheckConstraint(condition=Q(listed_seq__lte=F("last_seq")), name="text_listed_behind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.ForeignKey("collab.sharedtext", models.PROTECT, related_name="updates")),
                ("seq", models.PositiveBigIntegerField()),
                ("data", models.BinaryField()),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("at", models.DateTimeField(default=timezone.now)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("live", "saisie"),
                            ("server", "modification du serveur"),
                            ("seed", "texte de départ"),
                        ],
                        default="live",
                        max_length=6,
                    ),
                ),
            ],
            options={
                "ordering": ["text", "seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("text", "seq"), name="update_seq_once"),
                    models.CheckConstraint(condition=Q(seq__gte=1), name="update_seq_from_one"),
                    models.CheckConstraint(condition=Q(kind__in=["live", "server", "seed"]), name="update_kind_known"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.ForeignKey("collab.sharedtext", models.PROTECT, related_name="snapshots")),
                ("upto_seq", models.PositiveBigIntegerField()),
                ("data", models.BinaryField()),
                ("at", models.DateTimeField(default=timezone.now)),
            ],
            options={
                "ordering": ["text", "-upto_seq"],
                "constraints": [models.UniqueConstraint(fields=("text", "upto_seq"), name="snapshot_seq_once")],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.ForeignKey("collab.sharedtext", models.PROTECT, related_name="suggestions")),
                ("mark_id", models.CharField(max_length=100)),
                ("kind", models.CharField("nature", max_length=20)),
                (
                    "author",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="text_suggestions"
                    ),
                ),
                ("at", models.DateTimeField("proposé le", default=timezone.now)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("open", "à décider"),
                            ("accepted", "acceptée"),
                            ("rejected", "refusée"),
                            ("withdrawn", "retirée"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("quote", models.TextField("ce qui est proposé", blank=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("decided_at", models.DateTimeField("décidé le", blank=True, null=True)),
                ("reason", models.TextField("motif", blank=True, max_length=1000)),
            ],
            options={
                "verbose_name": "proposition",
                "ordering": ["text", "at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("text", "mark_id"), name="suggestion_mark_once"),
                    models.CheckConstraint(
                        condition=Q(state__in=["open", "accepted", "rejected", "withdrawn"]),
                        name="suggestion_state_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(decided_at=None, state="open") | Q(~Q(state="open"), decided_at__isnull=False),
                        name="suggestion_decided_at_iff_decided",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.ForeignKey("collab.sharedtext", models.PROTECT, related_name="threads")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("anchor", models.CharField(blank=True, max_length=100)),
                ("node_id", models.CharField(blank=True, max_length=36)),
                ("quote", models.TextField("passage", blank=True, max_length=2000)),
                ("prefix", models.CharField(blank=True, max_length=200)),
                ("suffix", models.CharField(blank=True, max_length=200)),
                ("opened_by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("opened_at", models.DateTimeField("ouvert le", default=timezone.now)),
                (
                    "directorate",
                    models.ForeignKey(
                        "institution.directorate",
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="direction",
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        models.PROTECT,
                        blank=True,
                        null=True,
                        related_name="+",
                        verbose_name="confié à",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("resolved_at", models.DateTimeField("traité le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "fil de commentaires",
                "ordering": ["text", "opened_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=~Q(anchor=""), fields=("text", "anchor"), name="thread_anchor_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(resolved_at=None, resolved_by=None)
                        | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                        name="thread_resolved_by_iff_at",
                    ),
                    models.CheckConstraint(
                        condition=Q(assigned_to=None) | Q(directorate=None), name="thread_assigned_to_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("thread", models.ForeignKey("collab.thread", models.PROTECT, related_name="comments")),
                ("author", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                ("body", models.TextField("commentaire", max_length=4000)),
                ("at", models.DateTimeField("écrit le", default=timezone.now)),
                ("withdrawn_at", models.DateTimeField("retiré le", blank=True, null=True)),
                ("mentions", models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")),
            ],
            options={"verbose_name": "commentaire", "ordering": ["thread", "at", "pk"]},
        ),
        migrations.CreateModel(
            name="TextEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.ForeignKey("collab.sharedtext", models.PROTECT, related_name="+")),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accepted", "Votre proposition est acceptée"),
                            ("rejected", "Votre proposition n’est pas retenue"),
                            ("mention", "Quelqu’un vous cite dans un commentaire"),
                            ("assigned", "Un commentaire vous est confié"),
                            ("reply", "Une réponse à votre commentaire"),
                            ("resolved", "Votre commentaire est traité"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "suggestion",
                    models.ForeignKey("collab.suggestion", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                (
                    "comment",
                    models.ForeignKey("collab.comment", models.PROTECT, blank=True, null=True, related_name="+"),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("happened_at", models.DateTimeField(default=timezone.now)),
                ("sent_at", models.DateTimeField("dit le", blank=True, null=True)),
                ("dropped_at", models.DateTimeField("devenu sans objet le", blank=True, null=True)),
            ],
            options={
                "ordering": ["happened_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=Q(dropped_at=None, sent_at=None), fields=["user"], name="text_event_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(sent_at=None) | Q(dropped_at=None), name="text_event_sent_or_dropped"
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=["accepted", "rejected", "mention", "assigned", "reply", "resolved"]),
                        name="text_event_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TextVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.ForeignKey("collab.sharedtext", models.PROTECT, related_name="versions")),
                ("number", models.PositiveIntegerField("numéro")),
                ("upto_seq", models.PositiveBigIntegerField()),
                ("label", models.CharField("nom", max_length=160)),
                (
                    "reason",
                    models.CharField(
                        "motif",
                        choices=[
                            ("named", "version nommée"),
                            ("state", "changement d’étape"),
                            ("sitting", "avant une séance"),
                            ("restored", "version rétablie"),
                            ("frozen", "texte figé"),
                        ],
                        max_length=10,
                    ),
                ),
                ("by", models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")),
                ("at", models.DateTimeField("prise le", default=timezone.now)),
                ("tree", models.JSONField()),
                ("html", models.TextField()),
                ("plain_text", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("authors", models.JSONField(default=list)),
                ("passages", models.JSONField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "version",
                "ordering": ["text", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("text", "number"), name="text_version_number_once"),
                    models.CheckConstraint(
                        condition=Q(reason__in=["named", "state", "sitting", "restored", "frozen"]),
                        name="text_version_reason_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION collab_refuse_change, collab_refuse_other_change CASCADE",
        ),
    ]
