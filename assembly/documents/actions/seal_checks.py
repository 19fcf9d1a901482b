"""Reading of the seals of registered files, from their bytes, in a worker: see `authenticity`."""

import logging
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from assembly.documents import queries
from assembly.documents.authenticity import SealResult
from assembly.documents.models import SealCheck, storage
from assembly.documents.seal import checking
from assembly.jobs import hints

TASK = "assembly.documents.tasks.check_seal"
ASKED_AGAIN_AFTER = 20
SWEPT_AGAIN_AFTER = 3600
AT_ONCE = 20
log = logging.getLogger("assembly.documents")


def request(sha256: str, *, again_after: int = ASKED_AGAIN_AFTER) -> None:
    """Have a worker read the seal of these bytes, at most once in `again_after` seconds for all readers."""
    if cache.add(f"documents:seal-check:{again_after}:{sha256}", 1, again_after):
        hints.send_at_commit(TASK, sha256)


def run_check(sha256: str) -> None:
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


def sweep() -> None:
    """Request the seals that no worker has read: those of an older version, and what the broker lost."""
    for sha256 in queries.seals_to_read(AT_ONCE):
        request(sha256, again_after=SWEPT_AGAIN_AFTER)
