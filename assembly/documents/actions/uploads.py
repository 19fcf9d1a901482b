"""Files that people give: one gate, whatever the screen they come through."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from assembly.audit.actions import record
from assembly.documents import blobs
from assembly.documents.enums import UploadPurpose
from assembly.documents.models import Upload
from assembly.identity.models import User
from assembly.ui.fields import KINDS, MEGABYTE, CheckedFile, UploadField

MAX_SIZE = 25 * MEGABYTE
NAME_LENGTH = 200
INVISIBLE = dict.fromkeys(range(32)) | {127: None}


def original_name(name: str) -> str:
    """The name that the person knows, kept as words only: no folder, no control character."""
    return name.replace("\\", "/").rpartition("/")[2].translate(INVISIBLE).strip()[-NAME_LENGTH:] or "fichier"


@transaction.atomic
def accept(file: UploadedFile | CheckedFile, *, by: User, purpose: str = UploadPurpose.OTHER) -> Upload:
    """Keep a file that passes the gate; raises ValidationError with the sentence to show when it does not.

    A CheckedFile comes from an UploadField of `assembly.ui` and has passed already; anything else is tested here:
    at most 25 MB, type told by its content, pictures drawn anew, SVG, programs and macros refused.
    """
    checked = file if isinstance(file, CheckedFile) else gate(file)
    if checked.size > MAX_SIZE:
        raise ValidationError(UploadField.default_error_messages["size"], code="size")
    upload = Upload.objects.create(
        blob=blobs.store(checked.content, checked.content_type),
        name=original_name(str(getattr(file, "name", None) or checked.name)),
        purpose=purpose,
        uploaded_by=by,
    )
    record("upload.accepted", upload, by=by, purpose=str(purpose), size=checked.size, sha256=upload.blob_id)
    return upload


def gate(file: UploadedFile) -> CheckedFile:
    """Every kind of file that the house takes, judged by the content."""
    field: Any = UploadField(kinds=tuple(KINDS), max_size=MAX_SIZE)
    return field.clean(file)


@transaction.atomic
def withdraw(upload: Upload, *, by: User) -> None:
    """Take a file out of sight; its bytes and its line in the journal stay."""
    if Upload.objects.filter(pk=upload.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        upload.refresh_from_db()
        record("upload.withdrawn", upload, by=by)
