"""Losing texts of edit conflicts, when two agents wrote one answer at once: nothing typed is lost."""

from django.conf import settings
from django.db import models

from answers.models.answer_file import AnswerFile


class AnswerAside(models.Model):
    """A whole text that its author may take up again; never changed (trigger)."""

    file = models.ForeignKey(AnswerFile, on_delete=models.PROTECT, related_name="asides")
    content = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["file", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_id} {self.pk}"
