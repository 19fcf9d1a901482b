"""A file sent to « Vérifier un document » that the register does not know."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.documents.enums import CheckState, Verdict


class Check(models.Model):
    """What a worker found in an unknown file. The file itself is deleted; nothing says who sent it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    state = models.CharField(_("état"), max_length=10, choices=CheckState, default=CheckState.QUEUED)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="check_done_iff_verdict",
                condition=models.Q(state=CheckState.DONE) & ~models.Q(verdict="")
                | models.Q(state=CheckState.QUEUED, verdict=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.state}"
