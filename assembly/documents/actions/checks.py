"""Reading files that the register does not know: kept only until a worker has looked, nothing says who sent them."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from assembly.documents import verification
from assembly.documents.enums import CheckState, Verdict
from assembly.documents.models import Check
from assembly.jobs import hints

TASK = "assembly.documents.tasks.read_unknown_file"
MAX_SIZE = 10 * 1024 * 1024
KEPT_FOR = timedelta(days=1)
ABANDONED_AFTER = timedelta(minutes=15)


def path_of(check: Check) -> Path:
    """Where the file waits for its reader."""
    return settings.BLOB_DIR / ".incoming" / str(check.public_id)


@transaction.atomic
def open_check(file: UploadedFile, sha256: str) -> Check:
    """Keep an unknown file until a worker has read it."""
    check = Check.objects.create(sha256=sha256, size=file.size or 0)
    path = path_of(check)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    except OSError:  # a full disk keeps no part of it
        path.unlink(missing_ok=True)
        raise
    hints.send_at_commit(TASK, check.pk)
    return check


def read(check: Check) -> None:
    """Write the answer of a waiting check and delete its file. Safe to run twice."""
    if check.state == CheckState.DONE:
        return
    path = path_of(check)
    answer = verification.of_file(path) if path.exists() else verification.Answer(Verdict.UNKNOWN)
    reference = answer.document.reference if answer.document else ""
    Check.objects.filter(pk=check.pk, state=CheckState.QUEUED).update(
        state=CheckState.DONE, verdict=answer.verdict, reference=reference
    )
    path.unlink(missing_ok=True)


def forget_old() -> None:
    """Delete old answers, and files whose reader never came."""
    now = timezone.now()
    for check in Check.objects.filter(sent_at__lt=now - ABANDONED_AFTER, state=CheckState.QUEUED):
        path_of(check).unlink(missing_ok=True)
        read(check)
    Check.objects.filter(sent_at__lt=now - KEPT_FOR).delete()
