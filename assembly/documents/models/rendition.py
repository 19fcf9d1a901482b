"""Model of the job that makes a document, with its progress."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.documents.enums import RenditionState
from assembly.documents.models import storage
from assembly.documents.models.document import Revision
from assembly.documents.models.storage import Blob
from assembly.identity.personal_data import IMPERSONAL


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
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="renditions")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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
            models.CheckConstraint(
                name="rendition_ready_iff_finished",
                condition=Q(state__in=RenditionState.tagged("finished"), finished_at__isnull=False)
                | (~Q(state__in=RenditionState.tagged("finished")) & Q(finished_at=None)),
            ),
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
        return storage.read_blob(self.blob_id or "")

    @property
    def is_ready(self) -> bool:
        return self.state == RenditionState.READY
