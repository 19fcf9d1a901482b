"""The extracted text of a file, by the SHA-256 of its bytes: extracted once, however often the same bytes arrive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.documents.enums import ExtractionState, TextFailure
from assembly.documents.models.storage import Blob
from assembly.identity.personal_data import IMPERSONAL


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
