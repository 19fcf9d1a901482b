"""Visas on the adopted text, chapters printed around it, and imported files between preview and confirmation."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.collab.models import SharedText
from assembly.documents.models import Upload
from assembly.identity.columns import optional_key, optional_user_key, user_key
from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from opinions.opinions.models import Opinion
from opinions.versions.models import OpinionVersion
from sessions.models import Via


class OpinionVisaCapacity(models.TextChoices):
    CHAIR = "chair", _("présidence de séance")
    RAPPORTEUR = "rapporteur", _("rapporteur·e")


class ImportState(models.TextChoices):
    """States of an imported file, from its preview to the text."""

    SHOWN = "shown", _("à confirmer")
    WRITTEN = "written", _("repris dans le texte")
    LEFT = "left", _("laissé")


UNNAMED = _("acte de l’institution, gardé sans votre nom")


class OpinionVisa(models.Model):
    """An authenticated approval of the adopted text by the chair or the rapporteur, printed on the last page."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="visas")
    version = models.ForeignKey(OpinionVersion, on_delete=models.PROTECT, related_name="visas")
    capacity = models.CharField(_("qualité"), max_length=10, choices=OpinionVisaCapacity)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("donné le"))
    text_sha256 = models.CharField(max_length=64, help_text=_("Empreinte du texte approuvé."))
    via = models.CharField(_("par"), max_length=10, choices=Via, default=Via.ACCOUNT)
    recorded_by = optional_user_key()
    voided_at = models.DateTimeField(_("annulé le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les visas que vous avez donnés à des avis"),
        owner="person",
        default=retained(UNNAMED),
        text_sha256=retained(UNNAMED),
    )

    class Meta:
        verbose_name = _("visa")
        ordering = ["opinion", "given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "capacity"], condition=Q(voided_at=None), name="opinion_visa_once_per_capacity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.capacity} {self.opinion_id}"


LONGEST = 12_000


class PrintedChapters(models.Model):
    """The chapters of the printed opinion that are not its text: plain text, a blank line between paragraphs."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="printed_chapters")
    foreword = models.TextField(_("avant-propos"), max_length=LONGEST, blank=True)
    foreword_by = models.CharField(_("signature de l’avant-propos"), max_length=200, blank=True)
    genesis = models.TextField(_("naissance de l’Assemblée"), max_length=LONGEST, blank=True)
    method = models.TextField(_("méthode"), max_length=LONGEST, blank=True)
    thanks = models.TextField(_("remerciements"), max_length=LONGEST, blank=True)
    easy_read_file = optional_key(Upload, _("résumé facile à lire, mis en page"))
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = user_key()

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
    created_by = user_key()
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
