"""Losing texts of edit conflicts, when two agents wrote one answer at once: nothing typed is lost."""

from django.conf import settings
from django.db import models

from answers.cases.models import AnswerCase
from assembly.identity.personal_data import IMPERSONAL


class AnswerConflictCopy(models.Model):
    """A whole text that its author may take up again; never changed (trigger)."""

    case = models.ForeignKey(AnswerCase, on_delete=models.PROTECT, related_name="conflict_copies")
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["case", "-pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.pk}"
