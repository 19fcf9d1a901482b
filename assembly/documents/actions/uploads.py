"""Files from people: one gate, whichever screen they come through."""

import contextlib
import logging
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from assembly.audit.actions import record
from assembly.documents.actions import extracts
from assembly.documents.models import Blob, Upload, UploadPurpose, UploadState, delete_unused_blob, store_blob
from assembly.documents.storage import BlobDamaged
from assembly.documents.workflow import UPLOAD
from assembly.files import antivirus
from assembly.files.antivirus import ScanResult
from assembly.files.fields import CheckedFile, UploadField, refusal, scan_file
from assembly.files.file_kinds import EVERYTHING, MEGABYTE
from assembly.identity.models import User

MAX_SIZE = 25 * MEGABYTE
NAME_LENGTH = 200
AT_ONCE = 50
security = logging.getLogger("assembly.security")


def accept_upload(file: UploadedFile | CheckedFile, *, by: User | None, purpose: str = UploadPurpose.OTHER) -> Upload:
    """Store a file that passes the gate; raises ValidationError with the sentence to show when it does not.

    `by` is None for a public form. A CheckedFile comes from a field of `assembly.files` and has passed already;
    anything else is tested here: at most 25 MB, type recognised by its content, pictures drawn anew, SVG, programs and
    macros refused, then the antivirus. A file that the antivirus could not judge is stored in quarantine
    (`upload.is_waiting`): nobody can read it yet.
    """
    checked = file if isinstance(file, CheckedFile) else check_upload(file)
    if checked.size > MAX_SIZE:
        raise refusal("size", size=filesizeformat(checked.size), limit=filesizeformat(MAX_SIZE))
    if checked.scan == ScanResult.UNSCANNED:
        checked = scan_file(checked)
    return write_upload(checked, by=by, purpose=purpose)


@transaction.atomic
def write_upload(checked: CheckedFile, *, by: User | None, purpose: str) -> Upload:
    """Write the row of a checked file and its line in the journal, and request its text."""
    upload = Upload.objects.create(
        blob=store_blob(checked.content, checked.content_type),
        name=checked.full_name[-NAME_LENGTH:],
        purpose=purpose,
        uploaded_by=by,
        state=UploadState(checked.scan),
        scanned_at=timezone.now() if checked.scan == ScanResult.CLEAN else None,
    )
    record("upload.accepted", upload, by=by, purpose=str(purpose), size=checked.size, sha256=upload.blob_id)
    if upload.is_available:
        extracts.request_text(upload)
    return upload


def check_upload(file: UploadedFile) -> CheckedFile:
    """Check the file against the accepted media types, which are recognised by content."""
    field: Any = UploadField(kinds=EVERYTHING, max_size=MAX_SIZE)
    return field.clean(file)


def scan(upload: Upload) -> None:
    """Have the antivirus judge a stored file: it is cleared, condemned for good, or stays in quarantine."""
    try:
        verdict = antivirus.verdict(upload.blob.open())
    except BlobDamaged:  # The nightly comparison reports it.
        return
    if verdict == ScanResult.CLEAN:
        clear(upload)
    elif verdict == ScanResult.INFECTED:
        condemn(upload)


@transaction.atomic
def clear(upload: Upload) -> None:
    """Release a file in which the antivirus found nothing: people may read it."""
    UPLOAD.follow(upload, "clear", scanned_at=timezone.now())
    extracts.request_text(upload)


def condemn(upload: Upload) -> None:
    """Block a stored file in which the antivirus found a danger: nobody can read it any more."""
    UPLOAD.follow(upload, "condemn", facts={"sha256": upload.blob_id}, scanned_at=timezone.now())
    security.warning("infected file set aside", extra={"facts": {"upload": upload.pk}})


def sweep() -> None:
    """Scan the files in quarantine, and those stored before an antivirus was configured."""
    if not (antivirus.is_configured() and antivirus.responds()):
        return
    to_scan = Upload.objects.filter(state__in=UploadState.tagged("to_scan"), withdrawn_at=None)
    for upload in to_scan.select_related("blob").order_by("-state", "pk")[:AT_ONCE]:
        scan(upload)


@transaction.atomic
def withdraw(upload: Upload, *, by: User | None) -> None:
    """Hide a file; its bytes and its line in the journal stay."""
    if Upload.objects.filter(pk=upload.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        upload.refresh_from_db()
        record("upload.withdrawn", upload, by=by)


@transaction.atomic
def erase_upload(upload: Upload, *, by: User | None) -> None:
    """Delete a file for good, with its bytes unless another row refers to them; not for what has legal effect."""
    record("upload.erased", upload, by=by)
    blob = upload.blob
    upload.delete()
    transaction.on_commit(lambda: delete_bytes(blob))


def delete_bytes(blob: Blob) -> None:
    with contextlib.suppress(models.ProtectedError, IntegrityError), transaction.atomic():
        delete_unused_blob(blob)
