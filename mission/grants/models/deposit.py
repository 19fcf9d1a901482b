"""Deposits of the public form: drafts, digests of their links, documents."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from assembly.speed.queryset import ScreenQuerySet
from mission.grants.models.application import GrantApplication
from mission.grants.models.scheme import GrantScheme, SchemePiece


class GrantDeposit(models.Model):
    """Draft or sent application of one address.

    `typed`: the form as it was left, valid or not; empty once it is sent. `email`: the address that was confirmed, or
    that received the link to an empty form; once sent, links go to the address of the application, which the team may
    correct.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scheme = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="deposits")
    email = models.EmailField(_("courriel"), blank=True)
    typed = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True)
    application = models.OneToOneField(GrantApplication, on_delete=models.PROTECT, null=True, related_name="deposit")

    privacy = IMPERSONAL  # the same

    class Meta:
        verbose_name = _("dépôt d’une demande")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "email"], condition=Q(application=None), name="grant_draft_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def address(self) -> str:
        """Return the address that its mails go to."""
        return self.application.contact_email if self.application else self.email

    @property
    def is_confirmed(self) -> bool:
        """Return whether a reader of the address opened a link, and confirmed it for an application."""
        return bool(self.email) and self.email.lower() == self.address.lower()


class DepositLink(models.Model):
    """Personal link, stored as its digest alone: the mail had the only copy.

    It opens its deposit until its last day, while the address is still the one that it was sent to, of which it stores
    a keyed digest.
    """

    deposit = models.ForeignKey(GrantDeposit, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    address_digest = models.CharField(max_length=20, default="", db_default="", editable=False)
    ends_on = models.DateField(null=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("lien personnel d’un dépôt")

    def __str__(self) -> str:
        return f"link {self.pk}"


class GrantDocument(models.Model):
    """Checked file of an application or of a draft. Without `piece`: another document."""

    deposit = models.ForeignKey(GrantDeposit, on_delete=models.PROTECT, null=True, related_name="documents")
    application = models.ForeignKey(GrantApplication, on_delete=models.PROTECT, null=True, related_name="documents")
    piece = models.ForeignKey(SchemePiece, on_delete=models.PROTECT, null=True, related_name="+")
    upload = models.ForeignKey("documents.Upload", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL
    objects: ClassVar[Any] = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("document d’une demande")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="grant_document_of_something",
                condition=Q(deposit__isnull=False) | Q(application__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"
