"""Model of a text at one moment, which never changes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.collab.enums import VersionReason
from assembly.collab.models.text import SharedText
from assembly.identity.personal_data import IMPERSONAL
from assembly.speed.queryset import ScreenQuerySet


class TextVersion(models.Model):
    """A named, immutable state (trigger). `sha256` is that of the tree in canonical JSON.

    `html` and `plain_text` are the text without what is only suggested. `passages`, who wrote what, is computed by a
    worker afterwards and written once.
    """

    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("numéro"))
    upto_seq = models.PositiveBigIntegerField()
    label = models.CharField(_("nom"), max_length=160)
    reason = models.CharField(_("motif"), max_length=10, choices=VersionReason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("prise le"), default=timezone.now)
    tree = models.JSONField()
    html = models.TextField()
    plain_text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    authors = models.JSONField(default=list)
    passages = models.JSONField(null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        ordering = ["text", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="text_version_number_once"),
            models.CheckConstraint(name="text_version_reason_known", condition=Q(reason__in=VersionReason.values)),
        ]

    def __str__(self) -> str:
        return f"{self.text_id} {self.number}"
