"""Models of stored bytes, of the register, of renditions, uploads, extracted text and results of workers.

A document of the register has a permanent reference, and revisions that extend one another (pdf.md 6).
"""

import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.documents.storage import read_blob, read_in_pieces, remove_blob, write_blob
from assembly.identity.columns import optional_key, optional_user_key
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.models import Term
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from assembly.workflow.constraints import filled_in, filled_only_in


class Audience(models.TextChoices):
    """Each audience has its own reference, revisions and embedded data (domain.md B13)."""

    INTERNAL = "internal", _("interne")
    PUBLIC = "public", _("publique")


class DocumentState(models.TextChoices):
    BASE = "base", _("sans cachet")
    SEALED = "sealed", _("scellé")
    SIGNED_WITHOUT_TIMESTAMP = "signed_without_timestamp", _("scellé sans horodatage")
    PUBLISHED = "published", _("publié")
    SUPERSEDED = "superseded", _("remplacé")


class RevisionPurpose(models.TextChoices):
    BASE = "base", _("mise en page")
    SEAL = "seal", _("cachet")
    SIGNATURE = "signature", _("signature")
    TIMESTAMP = "timestamp", _("horodatage")
    EXTERNAL = "external", _("document extérieur")


SEALED_PURPOSES = frozenset({RevisionPurpose.SEAL, RevisionPurpose.TIMESTAMP, RevisionPurpose.EXTERNAL})


class RenditionState(States):
    QUEUED = "queued", State("waiting", tags={"running"}), _("en attente")
    RENDERING = "rendering", State("in_progress", tags={"running", "taken"}), _("mise en page")
    SEALING = "sealing", State("in_progress", tags={"running", "taken"}), _("pose du cachet")
    READY = "ready", State("done", tags={"finished"}), _("prêt")
    FAILED = "failed", State("late", tags={"finished"}), _("échoué")


class VerificationState(models.TextChoices):
    """States of an unknown file, which a worker reads and then deletes."""

    QUEUED = "queued", _("en attente")
    DONE = "done", _("terminé")


class CheckLimit(models.TextChoices):
    """The limit that stopped the reading of a file."""

    TIME = "time", _("sa lecture demande trop de temps")
    MEMORY = "memory", _("sa lecture demande trop de mémoire")
    UPDATES = "updates", _("il a été complété plus de cent fois")


class Verdict(models.TextChoices):
    """The verdicts of « Vérifier un document »."""

    CURRENT = "current", _("authentique et à jour")
    SUPERSEDED = "superseded", _("authentique, remplacé")
    UNFINISHED = "unfinished", _("version antérieure, incomplète")
    ALTERED = "altered", _("modifié")
    UNKNOWN = "unknown", _("inconnu")
    UNPROVEN = "unproven", _("non confirmé")


class UploadPurpose(models.TextChoices):
    PAPER = "paper", _("pièce d’une séance")
    SCAN = "scan", _("document signé numérisé")
    OTHER = "other", _("autre")


class UploadState(States):
    """The verdict of the antivirus on a file; without one files stay unscanned, while it is unreachable they wait."""

    UNSCANNED = "unscanned", State("warn", tags={"to_scan", "readable"}), _("non analysé")
    WAITING = "waiting", State("waiting", tags={"to_scan"}), _("en attente d’analyse")
    CLEAN = "clean", State("done", tags={"scanned", "readable"}), _("analysé")
    INFECTED = "infected", State("refused", tags={"scanned"}), _("dangereux, écarté")


class ExtractionState(models.TextChoices):
    """States of the extraction of a file's text by a worker."""

    QUEUED = "queued", _("en attente")
    READING = "reading", _("lecture")
    READY = "ready", _("lu")
    FAILED = "failed", _("illisible")


class TextFailure(models.TextChoices):
    LOCKED = "locked", _("protégé par un mot de passe")
    DAMAGED = "damaged", _("abîmé")
    HEAVY = "heavy", _("trop lourd à lire")


class Blob(models.Model):
    """Immutable bytes at blobs/ab/cd/<sha256>, written once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return self.sha256[:12]

    def open(self) -> bytes:
        """Return the bytes, checked against their hash."""
        return read_blob(self.sha256)

    def pieces(self) -> Iterator[bytes]:
        """Return the same bytes in pieces, for a slow reader."""
        return read_in_pieces(self.sha256)


def store_blob(content: bytes, media_type: str) -> Blob:
    """Store `content` and return its row; the same content twice is one blob. Raises OSError when the disk is full."""
    sha256 = write_blob(content)
    blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults={"size": len(content), "media_type": media_type})
    return blob


def delete_unused_blob(blob: Blob) -> None:
    """Delete bytes without references; raises ProtectedError when a document or an upload still refers to them."""
    sha256 = blob.sha256
    blob.delete()
    remove_blob(sha256)


class Document(models.Model):
    """The document of a reference. `subject_*` names the app's object by strings: documents import no domain app."""

    reference = models.CharField(_("référence"), max_length=60, unique=True)
    kind = models.CharField(_("type"), max_length=40)
    audience = models.CharField(_("version"), max_length=8, choices=Audience)
    title = models.CharField(_("titre"), max_length=240)
    term = optional_key(Term, related_name="documents")
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    state = models.CharField(_("état"), max_length=24, choices=DocumentState, default=DocumentState.BASE)
    dated_on = models.DateField(_("date du document"))
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    published_revision = optional_key("Revision")
    superseded_by = optional_key("self", related_name="supersedes")

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        constraints = [
            filled_in(DocumentState.PUBLISHED, "published_at")(name="document_published_has_moment"),
            models.CheckConstraint(
                name="document_published_has_revision",
                condition=Q(published_at=None, published_revision=None)
                | Q(published_at__isnull=False, published_revision__isnull=False),
            ),
            models.CheckConstraint(
                name="document_only_public_is_published",
                condition=Q(published_at=None) | Q(audience=Audience.PUBLIC),
            ),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="document_subject"),
            models.Index(
                fields=["-published_at", "-id"], name="document_published", condition=Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Revision(models.Model):
    """One version of the bytes. A signed revision starts with its parent's bytes; nothing is changed afterwards."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="revisions")
    parent = optional_key("self", related_name="children")
    purpose = models.CharField(max_length=10, choices=RevisionPurpose)
    fields_filled = models.JSONField(default=list)
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.document_id} r{self.number}"

    @property
    def is_sealed(self) -> bool:
        return self.purpose in SEALED_PURPOSES

    @property
    def sha256(self) -> str:
        return self.blob_id

    def open(self) -> bytes:
        """Return the bytes, checked against their hash."""
        return read_blob(self.blob_id)


class Signature(models.Model):
    """One filled field of a revision: seal, signature or timestamp."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="signatures")
    field = models.CharField(max_length=40)
    subject = models.CharField(max_length=240)
    issuer = models.CharField(max_length=240)
    serial = models.CharField(max_length=64)
    level = models.CharField(max_length=10)
    signed_at = models.DateTimeField()
    tsa_time = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)

    privacy = IMPERSONAL

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "field"], name="signature_field_once")]

    def __str__(self) -> str:
        return f"{self.field} {self.revision_id}"


class ManifestEntry(models.Model):
    """A line of the public register, append-only: entry_hash = sha256(prev_hash || canonical JSON of the entry)."""

    seq = models.BigIntegerField(primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="manifest")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="manifest")
    sha256 = models.CharField(max_length=64)
    prev_hash = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64, unique=True)
    canonical = models.TextField()
    entered_at = models.DateTimeField()

    privacy = IMPERSONAL

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["sha256"], name="manifest_sha256")]

    def __str__(self) -> str:
        return f"{self.seq} {self.sha256[:12]}"


class ManifestSeal(models.Model):
    """The head of the register on a day: a published copy of it reveals a cut tail. `token` is RFC 3161, if any."""

    upto = models.ForeignKey(ManifestEntry, on_delete=models.PROTECT, related_name="seals")
    entry_hash = models.CharField(max_length=64)
    token = models.BinaryField(null=True, editable=False)
    made_at = models.DateTimeField()

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return f"{self.upto_id} {self.entry_hash[:12]}"


class Rendition(models.Model):
    """A requested document, made by a worker; idempotent. `fingerprint` identifies the requested content."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(_("état"), max_length=10, choices=RenditionState, default=RenditionState.QUEUED)
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=1)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(_("erreur"), max_length=300, blank=True)
    blob = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Fichier sans registre.")
    )
    revision = optional_key(Revision, related_name="renditions")
    requested_by = optional_user_key()
    requested_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "fingerprint"],
                condition=Q(state__in=RenditionState.tagged("running")),
                name="rendition_running_once",
            ),
            filled_only_in(RenditionState.tagged("finished"), "finished_at")(name="rendition_ready_iff_finished"),
            models.CheckConstraint(
                name="rendition_ready_iff_file",
                condition=Q(state=RenditionState.READY) & (Q(revision__isnull=False) | Q(blob__isnull=False))
                | ~Q(state=RenditionState.READY) & Q(revision=None, blob=None),
            ),
            models.CheckConstraint(
                name="rendition_failed_has_sentence", condition=~Q(state=RenditionState.FAILED) | ~Q(error="")
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_type", "subject_id", "-id"], name="rendition_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def is_running(self) -> bool:
        return self.state in RenditionState.tagged("running")

    def open(self) -> bytes:
        """Return the bytes of the finished file, registered or not."""
        if self.revision is not None:
            return self.revision.open()
        return read_blob(self.blob_id or "")

    @property
    def is_ready(self) -> bool:
        return self.state == RenditionState.READY


DEPOSIT = _("dépôt d’une pièce du dossier, sans le nom")


class Upload(models.Model):
    """A checked file: agenda paper, signed scan. The original name is only a text, the storage name is the hash."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="uploads")
    name = models.CharField(_("nom du fichier"), max_length=200)
    purpose = models.CharField(_("usage"), max_length=10, choices=UploadPurpose, default=UploadPurpose.OTHER)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: a person without an account, through a public form.
    uploaded_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    state = models.CharField(_("antivirus"), max_length=10, choices=UploadState, default=UploadState.UNSCANNED)
    scanned_at = models.DateTimeField(_("analysé le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les fichiers que vous avez déposés"),
        owner="uploaded_by__person",
        default=retained(DEPOSIT),
        internal=["blob"],
        name=retained(DEPOSIT),
    )

    class Meta:
        verbose_name = _("fichier")
        constraints = [
            models.CheckConstraint(
                name="upload_scanned_iff_verdict",
                condition=models.Q(state__in=UploadState.tagged("scanned"), scanned_at__isnull=False)
                | ~models.Q(state__in=UploadState.tagged("scanned")) & models.Q(scanned_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="upload_to_scan", condition=~models.Q(state__in=UploadState.tagged("scanned"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_waiting(self) -> bool:
        """Return whether the file is in quarantine: nobody can read it before the antivirus answers."""
        return self.state == UploadState.WAITING

    @property
    def is_available(self) -> bool:
        return self.state in UploadState.tagged("readable") and not self.is_withdrawn


class FileText(models.Model):
    """The text that a worker extracted from a file. It is derived from the bytes and deleted with them."""

    blob = models.OneToOneField(Blob, on_delete=models.CASCADE, primary_key=True, related_name="text")
    state = models.CharField(_("état"), max_length=10, choices=ExtractionState, default=ExtractionState.QUEUED)
    text = models.TextField(blank=True)
    is_cut = models.BooleanField(default=False)
    failure = models.CharField(max_length=10, choices=TextFailure, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="file_text_failed_iff_failure",
                condition=models.Q(state=ExtractionState.FAILED) & ~models.Q(failure="")
                | ~models.Q(state=ExtractionState.FAILED) & models.Q(failure=""),
            ),
            models.CheckConstraint(
                name="file_text_only_when_ready",
                condition=models.Q(state=ExtractionState.READY) | models.Q(text="", is_cut=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["blob"],
                name="file_text_to_read",
                condition=models.Q(state__in=[ExtractionState.QUEUED, ExtractionState.READING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk[:12]} {self.state}"


class Check(models.Model):
    """The result for a file that was sent. The file itself is deleted; nothing names its sender."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    state = models.CharField(_("état"), max_length=10, choices=VerificationState, default=VerificationState.QUEUED)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    limit = models.CharField(max_length=10, choices=CheckLimit, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="check_done_iff_verdict",
                condition=models.Q(state=VerificationState.DONE) & ~models.Q(verdict="")
                | models.Q(state=VerificationState.QUEUED, verdict=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.state}"


class SealCheck(models.Model):
    """The result of reading the seal in the bytes of a registered file.

    `result` is a JSON object signed with SECRET_KEY (`verification.SealResult`): a row inserted with the database's
    account alone is ignored.
    """

    blob = models.OneToOneField(Blob, on_delete=models.CASCADE, primary_key=True, related_name="seal_check")
    result = models.TextField()
    checked_at = models.DateTimeField()

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return self.blob_id[:12]
