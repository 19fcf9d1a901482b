"""What `documents` holds about people: who deposited a file, who asked for a rendition. Sealed files are acts."""

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
from assembly.identity.privacy import impersonal, keep, personal

DEPOSIT = _("dépôt d’une pièce du dossier, sans le nom")

personal(
    Upload,
    name=_("Les fichiers que vous avez déposés"),
    owner="uploaded_by__person",
    fields={
        "public_id": keep(DEPOSIT, exported=False),
        "blob": keep(DEPOSIT, exported=False),
        "name": keep(DEPOSIT),
        "purpose": keep(DEPOSIT),
        "uploaded_at": keep(DEPOSIT),
        "withdrawn_at": keep(DEPOSIT),
        "state": keep(DEPOSIT),
        "scanned_at": keep(DEPOSIT),
    },
)
# A rendition names who asked for it, by key only, and lives as long as its document.
impersonal(Blob, Check, Document, FileText, ManifestEntry, ManifestSeal, Rendition, Revision, SealCheck, Signature)
