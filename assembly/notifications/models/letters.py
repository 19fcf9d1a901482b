"""Model of letters that are printed together: one file, so that a paper jam is one page to print again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.notifications.models.distribution import Distribution


class LetterBatch(models.Model):
    """File of letters. They count as printed when its rendition is ready; `documents` retains the file for a while."""

    distribution = models.ForeignKey(Distribution, on_delete=models.PROTECT, related_name="batches")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("demandé le"))

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.distribution_id}-{self.pk}"

    @property
    def reference(self) -> str:
        return f"LETTRES-{self.distribution_id}-{self.pk}"
