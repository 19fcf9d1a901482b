"""Model of the mailbox of a developer's machine: every message that would have been sent."""

from django.db import models

from assembly.identity.personal_data import IMPERSONAL


class LocalMessage(models.Model):
    """Message as it was sent, byte for byte. Two rows with one Message-ID would be a message sent twice."""

    message_id = models.CharField(max_length=255, db_index=True)
    sender = models.CharField(max_length=320)
    recipients = models.TextField()
    subject = models.TextField(blank=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.message_id
