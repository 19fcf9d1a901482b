"""Results of workers: about a file sent to « Vérifier un document », and about the seal of a registered one."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.documents.enums import CheckLimit, Verdict, VerificationState
from assembly.documents.models.storage import Blob
from assembly.identity.personal_data import IMPERSONAL


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

    `result` is a JSON object signed with SECRET_KEY (`authenticity.SealResult`): a row inserted with the database's
    account alone is ignored.
    """

    blob = models.OneToOneField(Blob, on_delete=models.CASCADE, primary_key=True, related_name="seal_check")
    result = models.TextField()
    checked_at = models.DateTimeField()

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return self.blob_id[:12]
