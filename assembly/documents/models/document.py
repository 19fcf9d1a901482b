"""Models of the register: a document has a permanent reference, and revisions that extend one another (pdf.md 6)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.documents.enums import SEALED_PURPOSES, Audience, DocumentState, RevisionPurpose
from assembly.documents.models import storage
from assembly.documents.models.storage import Blob
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import Term
from assembly.speed.queryset import ScreenQuerySet


class Document(models.Model):
    """The document of a reference. `subject_*` names the app's object by strings: documents import no domain app."""

    reference = models.CharField(_("référence"), max_length=60, unique=True)
    kind = models.CharField(_("type"), max_length=40)
    audience = models.CharField(_("version"), max_length=8, choices=Audience)
    title = models.CharField(_("titre"), max_length=240)
    term = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="documents")
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    state = models.CharField(_("état"), max_length=24, choices=DocumentState, default=DocumentState.BASE)
    dated_on = models.DateField(_("date du document"))
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    published_revision = models.ForeignKey(
        "Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.CheckConstraint(
                name="document_published_has_moment",
                condition=~Q(state=DocumentState.PUBLISHED) | Q(published_at__isnull=False),
            ),
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
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
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
        return storage.read_blob(self.blob_id)


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
