"""Reading by workers of files that visitors sent, and of the seals of registered files (see `verification`).

A file that was sent is stored only until a worker has read it, without a trace of the sender.
"""

import logging
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from assembly.documents import queries, storage, verification
from assembly.documents.models import Check, CheckLimit, SealCheck, Verdict, VerificationState
from assembly.documents.seal import checking
from assembly.documents.verification import SealResult, VerificationResult
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
        run_seal_check(answer.pending_seal)
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


SEAL_TASK = "assembly.documents.tasks.check_seal"
ASKED_AGAIN_AFTER = 20
SWEPT_AGAIN_AFTER = 3600
SEALS_AT_ONCE = 20
log = logging.getLogger("assembly.documents")


def request_seal_check(sha256: str, *, again_after: int = ASKED_AGAIN_AFTER) -> None:
    """Have a worker read the seal of these bytes, at most once in `again_after` seconds for all readers."""
    if cache.add(f"documents:seal-check:{again_after}:{sha256}", 1, again_after):
        hints.send_at_commit(SEAL_TASK, sha256)


def run_seal_check(sha256: str) -> None:
    """Read the seal in these bytes and store the result, judged at the first line of the register; idempotent.

    Nothing is stored, so that it is tried again, when the file or the authority's certificate cannot be read.
    """
    trust_file = Path(settings.SEAL_TRUST_FILE)
    trust = checking.trust_fingerprint(trust_file)
    first = queries.first_entry_of(sha256)
    if not trust:
        log.error("SEAL_TRUST_FILE cannot be read: no seal can be confirmed")
    if not trust or first is None:
        return
    moment = first.entered_at.isoformat()
    try:
        storage.read_blob(sha256)
    except storage.BlobDamaged:
        log.error("the file %s is missing or changed: its seal cannot be read", sha256)
        return
    report = checking.check_seals(storage.path_of(sha256), trust_file, sealed_at=moment)
    if report.get("unreadable") in checking.UNDECIDED:
        log.error("the seal of %s could not be read to its end: %s", sha256, report["unreadable"])
        return
    reference = checking.sealed_reference(report)
    result = SealResult(sha256, moment, trust, reference, checking.is_sealed(report))
    if not result.accepted:
        log.error("the file %s is in the register without a valid seal", sha256)
    now = timezone.now()
    SealCheck.objects.update_or_create(blob_id=sha256, defaults={"result": result.signed(), "checked_at": now})


def sweep_seals() -> None:
    """Request the seals that no worker has read: those of an older version, and what the broker lost."""
    for sha256 in queries.seals_to_read(SEALS_AT_ONCE):
        request_seal_check(sha256, again_after=SWEPT_AGAIN_AFTER)
