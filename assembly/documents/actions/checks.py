"""Reading of files that visitors sent: stored only until a worker has read them, without a trace of the sender."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from assembly.documents import verification
from assembly.documents.actions import seal_checks
from assembly.documents.enums import CheckLimit, Verdict, VerificationState
from assembly.documents.models import Check
from assembly.documents.verification import VerificationResult
from assembly.jobs import hints

TASK = "assembly.documents.tasks.read_unknown_file"
MAX_SIZE = 10 * 1024 * 1024
RETENTION = timedelta(days=1)
LATE_AFTER = timedelta(minutes=1)
ABANDONED_AFTER = timedelta(minutes=15)
MAX_WAITING = 20
WAITING_LOCK = 7236504


class TooManyWaiting(Exception):
    """The queue holds as many files as a worker reads in a quarter of an hour; the sender has to come back later."""


def path_of(check: Check) -> Path:
    return settings.BLOB_DIR / ".incoming" / str(check.public_id)


def count_waiting() -> int:
    return Check.objects.filter(state=VerificationState.QUEUED).count()


@transaction.atomic
def queue_check(file: UploadedFile, sha256: str) -> Check:
    """Store a file until a worker has read it; raises TooManyWaiting, also for files sent at the same instant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WAITING_LOCK])
    if count_waiting() >= MAX_WAITING:
        raise TooManyWaiting
    check = Check.objects.create(sha256=sha256, size=file.size or 0)
    path = path_of(check)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
    except OSError:  # On a full disk no part of the file is left behind.
        path.unlink(missing_ok=True)
        raise
    enqueue(check)
    return check


def enqueue(check: Check) -> None:
    """Send a worker to this check once the transaction commits; a hint: the sweep finds what the broker lost."""
    hints.send_at_commit(TASK, check.pk)


def verify_file(path: Path) -> VerificationResult:
    """Return the complete verdict on a local file, after reading its seal where the register needs it."""
    answer = verification.of_file(path)
    while answer.pending_seal:
        seal_checks.run_check(answer.pending_seal)
        waited_for, answer = answer.pending_seal, verification.of_file(path)
        if answer.pending_seal == waited_for:
            return VerificationResult(Verdict.UNPROVEN)
    return answer


def _result_without_file(check: Check) -> VerificationResult:
    """Return the verdict on a file that no worker read in time: from the register, or that it was not read."""
    answer = verification.by_hash(check.sha256)
    if answer.verdict == Verdict.UNKNOWN or answer.pending_seal:
        return VerificationResult(Verdict.UNPROVEN, limit=CheckLimit.TIME)
    return answer


def read_check(check: Check) -> None:
    """Write the verdict of a waiting check and delete its file; idempotent."""
    if check.state == VerificationState.DONE:
        return
    path = path_of(check)
    answer = verify_file(path) if path.exists() else _result_without_file(check)
    reference = answer.document.reference if answer.document else ""
    Check.objects.filter(pk=check.pk, state=VerificationState.QUEUED).update(
        state=VerificationState.DONE, verdict=answer.verdict, reference=reference, limit=answer.limit
    )
    path.unlink(missing_ok=True)


def sweep() -> None:
    """Send lost checks to a worker again, delete old verdicts, and close checks that no worker read in time."""
    now = timezone.now()
    for check in Check.objects.filter(sent_at__lt=now - LATE_AFTER, state=VerificationState.QUEUED):
        if check.sent_at < now - ABANDONED_AFTER:
            path_of(check).unlink(missing_ok=True)
            read_check(check)
        else:
            enqueue(check)
    Check.objects.filter(sent_at__lt=now - RETENTION).delete()
