import uuid
from pathlib import Path

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

SQL = Path(__file__).parent


class Migration(migrations.Migration):
    initial = True

    dependencies = [("institution", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.PositiveBigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[("queued", "en attente"), ("done", "terminé")],
                        default="queued",
                        max_length=10,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("current", "authentique et à jour"),
                            ("superseded", "authentique, remplacé"),
                            ("unfinished", "version antérieure, incomplète"),
                            ("altered", "modifié"),
                            ("unknown", "inconnu"),
                            ("unproven", "non confirmé"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=60)),
                (
                    "limit",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("time", "sa lecture demande trop de temps"),
                            ("memory", "sa lecture demande trop de mémoire"),
                            ("updates", "il a été complété plus de cent fois"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("state", "done"), ~Q(verdict="")) | Q(state="queued", verdict=""),
                        name="check_done_iff_verdict",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="SealCheck",
            fields=[
                (
                    "blob",
                    models.OneToOneField(
                        "documents.blob", models.CASCADE, primary_key=True, related_name="seal_check", serialize=False
                    ),
                ),
                ("result", models.TextField()),
                ("checked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="FileText",
            fields=[
                (
                    "blob",
                    models.OneToOneField(
                        "documents.blob", models.CASCADE, primary_key=True, related_name="text", serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("queued", "en attente"),
                            ("reading", "lecture"),
                            ("ready", "lu"),
                            ("failed", "illisible"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("is_cut", models.BooleanField(default=False)),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("locked", "protégé par un mot de passe"),
                            ("damaged", "abîmé"),
                            ("heavy", "trop lourd à lire"),
                        ],
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(state__in=["queued", "reading"]), fields=["blob"], name="file_text_to_read"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("state", "failed"), ~Q(failure="")) | Q(~Q(state="failed"), failure=""),
                        name="file_text_failed_iff_failure",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="ready") | Q(is_cut=False, text=""), name="file_text_only_when_ready"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("blob", models.ForeignKey("documents.blob", models.PROTECT, related_name="uploads")),
                ("name", models.CharField("nom du fichier", max_length=200)),
                (
                    "purpose",
                    models.CharField(
                        "usage",
                        choices=[
                            ("paper", "pièce d’une séance"),
                            ("scan", "document signé numérisé"),
                            ("other", "autre"),
                        ],
                        default="other",
                        max_length=10,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"),
                ),
                ("uploaded_at", models.DateTimeField("déposé le", auto_now_add=True)),
                ("withdrawn_at", models.DateTimeField("retiré le", blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        "antivirus",
                        choices=[
                            ("unscanned", "non analysé"),
                            ("waiting", "en attente d’analyse"),
                            ("clean", "analysé"),
                            ("infected", "dangereux, écarté"),
                        ],
                        default="unscanned",
                        max_length=10,
                    ),
                ),
                ("scanned_at", models.DateTimeField("analysé le", blank=True, null=True)),
            ],
            options={
                "verbose_name": "fichier",
                "indexes": [
                    models.Index(condition=~Q(state__in=["clean", "infected"]), fields=["id"], name="upload_to_scan")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(scanned_at__isnull=False, state__in=["clean", "infected"])
                        | Q(~Q(state__in=["clean", "infected"]), scanned_at=None),
                        name="upload_scanned_iff_verdict",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField("référence", max_length=60, unique=True)),
                ("kind", models.CharField("type", max_length=40)),
                (
                    "audience",
                    models.CharField(
                        "version", choices=[("internal", "interne"), ("public", "publique")], max_length=8
                    ),
                ),
                ("title", models.CharField("titre", max_length=240)),
                (
                    "term",
                    models.ForeignKey(
                        "institution.term", models.PROTECT, blank=True, null=True, related_name="documents"
                    ),
                ),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("base", "sans cachet"),
                            ("sealed", "scellé"),
                            ("signed_without_timestamp", "scellé sans horodatage"),
                            ("published", "publié"),
                            ("superseded", "remplacé"),
                        ],
                        default="base",
                        max_length=24,
                    ),
                ),
                ("dated_on", models.DateField("date du document")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("published_at", models.DateTimeField("publié le", blank=True, null=True)),
                (
                    "superseded_by",
                    models.ForeignKey(
                        "documents.document", models.PROTECT, blank=True, null=True, related_name="supersedes"
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id"], name="document_subject"),
                    models.Index(
                        condition=Q(published_at__isnull=False),
                        fields=["-published_at", "-id"],
                        name="document_published",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(state="published") | Q(published_at__isnull=False),
                        name="document_published_has_moment",
                    ),
                    models.CheckConstraint(
                        condition=Q(published_at=None) | Q(audience="public"), name="document_only_public_is_published"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.ForeignKey("documents.document", models.PROTECT, related_name="revisions")),
                ("number", models.PositiveSmallIntegerField()),
                ("blob", models.ForeignKey("documents.blob", models.PROTECT, related_name="revisions")),
                (
                    "parent",
                    models.ForeignKey(
                        "documents.revision", models.PROTECT, blank=True, null=True, related_name="children"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("base", "mise en page"),
                            ("seal", "cachet"),
                            ("signature", "signature"),
                            ("timestamp", "horodatage"),
                            ("external", "document extérieur"),
                        ],
                        max_length=10,
                    ),
                ),
                ("fields_filled", models.JSONField(default=list)),
                ("report", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["document", "number"],
                "constraints": [models.UniqueConstraint(fields=("document", "number"), name="revision_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.ForeignKey("documents.revision", models.PROTECT, related_name="signatures")),
                ("field", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=240)),
                ("issuer", models.CharField(max_length=240)),
                ("serial", models.CharField(max_length=64)),
                ("level", models.CharField(max_length=10)),
                ("signed_at", models.DateTimeField()),
                ("tsa_time", models.DateTimeField(blank=True, null=True)),
                ("report", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("revision", "field"), name="signature_field_once")]
            },
        ),
        migrations.CreateModel(
            name="ManifestEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("document", models.ForeignKey("documents.document", models.PROTECT, related_name="manifest")),
                ("revision", models.ForeignKey("documents.revision", models.PROTECT, related_name="manifest")),
                ("sha256", models.CharField(max_length=64)),
                ("prev_hash", models.CharField(max_length=64)),
                ("entry_hash", models.CharField(max_length=64, unique=True)),
                ("canonical", models.TextField()),
                ("entered_at", models.DateTimeField()),
            ],
            options={"ordering": ["seq"], "indexes": [models.Index(fields=["sha256"], name="manifest_sha256")]},
        ),
        migrations.CreateModel(
            name="ManifestSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("upto", models.ForeignKey("documents.manifestentry", models.PROTECT, related_name="seals")),
                ("entry_hash", models.CharField(max_length=64)),
                ("token", models.BinaryField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("subject_type", models.CharField(max_length=80)),
                ("subject_id", models.CharField(max_length=40)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        "état",
                        choices=[
                            ("queued", "en attente"),
                            ("rendering", "mise en page"),
                            ("sealing", "pose du cachet"),
                            ("ready", "prêt"),
                            ("failed", "échoué"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveSmallIntegerField(default=1)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField("erreur", blank=True, max_length=300)),
                (
                    "blob",
                    models.ForeignKey(
                        "documents.blob",
                        models.PROTECT,
                        blank=True,
                        help_text="Fichier sans registre.",
                        null=True,
                        related_name="+",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        "documents.revision", models.PROTECT, blank=True, null=True, related_name="renditions"
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, models.PROTECT, blank=True, null=True, related_name="+"
                    ),
                ),
                ("requested_at", models.DateTimeField("demandé le", auto_now_add=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "subject_type", "subject_id", "-id"], name="rendition_latest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state__in=["queued", "rendering", "sealing"]),
                        fields=("kind", "subject_type", "subject_id", "fingerprint"),
                        name="rendition_running_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(finished_at__isnull=False, state__in=["ready", "failed"])
                        | Q(~Q(state__in=["ready", "failed"]), finished_at=None),
                        name="rendition_ready_iff_finished",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state", "ready"), Q(revision__isnull=False) | Q(blob__isnull=False))
                        | Q(~Q(state="ready"), blob=None, revision=None),
                        name="rendition_ready_iff_file",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state="failed") | ~Q(error=""), name="rendition_failed_has_sentence"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="document",
            name="published_revision",
            field=models.ForeignKey("documents.revision", models.PROTECT, blank=True, null=True, related_name="+"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=Q(published_at=None, published_revision=None)
                | Q(published_at__isnull=False, published_revision__isnull=False),
                name="document_published_has_revision",
            ),
        ),
        migrations.RunSQL(
            SQL.joinpath("triggers.sql").read_text(encoding="utf-8"), "DROP FUNCTION documents_refuse_change CASCADE"
        ),
    ]
