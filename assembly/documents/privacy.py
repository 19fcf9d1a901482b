"""Personal data in `documents`: who deposited a file, who requested a rendition. Sealed files are official acts."""

from django.utils.translation import gettext_lazy as _

from assembly.documents.models import (
    Blob,
    Check,
    Document,
    FileText,
    ManifestEntry,
    ManifestSeal,
    Rendition,
    Revision,
    SealCheck,
    Signature,
    Upload,
)
from assembly.identity.personal_data import impersonal, personal, retain_all

DEPOSIT = _("dépôt d’une pièce du dossier, sans le nom")

personal(
    Upload,
    name=_("Les fichiers que vous avez déposés"),
    owner="uploaded_by__person",
    fields={
        **retain_all("name", "purpose", "uploaded_at", "withdrawn_at", "state", "scanned_at", reason=DEPOSIT),
        **retain_all("public_id", "blob", reason=DEPOSIT, exported=False),
    },
)
# A rendition names its requester by key only, and is stored as long as its document.
impersonal(Blob, Check, Document, FileText, ManifestEntry, ManifestSeal, Rendition, Revision, SealCheck, Signature)
