"""Model of counted attempts to guess something, or to cause a mail."""

from django.db import models

from assembly.identity.personal_data import IMPERSONAL


class AttemptCounter(models.Model):
    """Attempts of one window. The key is a keyed digest of what is limited (`attempts.py`): it identifies nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
