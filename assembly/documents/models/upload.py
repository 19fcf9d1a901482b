"""Model of files from people, once they passed the gate."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.documents.enums import UploadPurpose, UploadState
from assembly.documents.models.storage import Blob
from assembly.identity.personal_data import ModelPrivacy, retained

DEPOSIT = _("dépôt d’une pièce du dossier, sans le nom")


class Upload(models.Model):
    """A checked file: agenda paper, signed scan. The original name is only a text, the storage name is the hash."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="uploads")
    name = models.CharField(_("nom du fichier"), max_length=200)
    purpose = models.CharField(_("usage"), max_length=10, choices=UploadPurpose, default=UploadPurpose.OTHER)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: a person without an account, through a public form.
    uploaded_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    state = models.CharField(_("antivirus"), max_length=10, choices=UploadState, default=UploadState.UNSCANNED)
    scanned_at = models.DateTimeField(_("analysé le"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Les fichiers que vous avez déposés"),
        owner="uploaded_by__person",
        default=retained(DEPOSIT),
        internal=["blob"],
        name=retained(DEPOSIT),
    )

    class Meta:
        verbose_name = _("fichier")
        constraints = [
            models.CheckConstraint(
                name="upload_scanned_iff_verdict",
                condition=models.Q(state__in=UploadState.tagged("scanned"), scanned_at__isnull=False)
                | ~models.Q(state__in=UploadState.tagged("scanned")) & models.Q(scanned_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="upload_to_scan", condition=~models.Q(state__in=UploadState.tagged("scanned"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_waiting(self) -> bool:
        """Return whether the file is in quarantine: nobody can read it before the antivirus answers."""
        return self.state == UploadState.WAITING

    @property
    def is_available(self) -> bool:
        return self.state in UploadState.tagged("readable") and not self.is_withdrawn
