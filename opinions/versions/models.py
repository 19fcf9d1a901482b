"""Versions that were tabled, amended, adopted: trees that never change, each with its hash."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from opinions.enums import VersionKind
from opinions.opinions.models import Opinion


class OpinionVersion(models.Model):
    """Append-only version (trigger). `tree` is the text as the editor's JSON; amendments point at its blocks."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=VersionKind)
    tree = models.JSONField()
    html = models.TextField()
    plain_text = models.TextField()
    sha256 = models.CharField(max_length=64)
    text_version = models.ForeignKey(
        "collab.TextVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("version de l’avis")
        ordering = ["opinion", "number"]
        constraints = [models.UniqueConstraint(fields=["opinion", "number"], name="opinion_version_once")]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.number}"
