"""Chapters printed around the text, and imported files between their preview and their confirmation."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.collab.models import SharedText
from assembly.documents.models import Upload
from assembly.identity.personal_data import IMPERSONAL
from opinions.enums import ImportState
from opinions.opinions.models import Opinion

LONGEST = 12_000


class PrintedChapters(models.Model):
    """The chapters of the printed opinion that are not its text: plain text, a blank line between paragraphs."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="printed_chapters")
    foreword = models.TextField(_("avant-propos"), max_length=LONGEST, blank=True)
    foreword_by = models.CharField(_("signature de l’avant-propos"), max_length=200, blank=True)
    genesis = models.TextField(_("naissance de l’Assemblée"), max_length=LONGEST, blank=True)
    method = models.TextField(_("méthode"), max_length=LONGEST, blank=True)
    thanks = models.TextField(_("remerciements"), max_length=LONGEST, blank=True)
    easy_read_file = models.ForeignKey(
        Upload,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("résumé facile à lire, mis en page"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("mots autour de l’avis")

    def __str__(self) -> str:
        return f"{self.opinion_id}"


class TextImport(models.Model):
    """A Word file read into a tree that nobody has confirmed yet. `tree` is emptied when it is written or left."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.ForeignKey(SharedText, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("fichier"), max_length=200)
    digest = models.CharField(max_length=64)
    tree = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    lost = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.SHOWN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("fichier repris")
        indexes = [models.Index(fields=["created_at"], name="text_import_shown", condition=Q(state="shown"))]
        constraints = [
            models.CheckConstraint(name="text_import_state_known", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="text_import_emptied_once_ended",
                condition=Q(state=ImportState.SHOWN, ended_at=None)
                | (~Q(state=ImportState.SHOWN) & Q(tree__isnull=True, ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.public_id}"
