"""Tasks of the queues `pdf` and `verify`, and clock jobs."""

import logging

from celery import shared_task
from django.conf import settings

from assembly.documents import queries, storage
from assembly.documents.actions import checks, extracts, register, renditions, uploads
from assembly.documents.models import Blob, Check, FileText, Rendition
from assembly.documents.seal import expiry
from assembly.documents.seal.interface import TimestampUnavailable
from assembly.jobs.tasks import once_per

log = logging.getLogger("assembly.documents")


@shared_task(name="assembly.documents.tasks.render", acks_late=True)
def render(*rendition_ids: int) -> None:
    """Make these renditions; idempotent: only queued ones are taken."""
    renditions.fulfil(*Rendition.objects.filter(pk__in=rendition_ids).order_by("pk"))


@shared_task(name="assembly.documents.tasks.read_unknown_file", acks_late=True)
def read_unknown_file(check_id: int) -> None:
    """Read a file that was sent; idempotent: a finished check stays as it is."""
    checks.read_check(Check.objects.get(pk=check_id))


@shared_task(name="assembly.documents.tasks.check_seal", acks_late=True)
def check_seal(sha256: str) -> None:
    """Read the seal of these bytes; idempotent: the same bytes have the same seal."""
    checks.run_seal_check(sha256)


@shared_task(name="assembly.documents.tasks.read_text", acks_late=True)
def read_text(blob_id: str) -> None:
    """Extract the text of a file; idempotent: only a queued one is read."""
    extracts.extract_text(FileText.objects.get(pk=blob_id))


@shared_task(name="assembly.documents.tasks.sweep")
@once_per("minute")
def sweep() -> None:
    """Resume what a dead worker or a lost message left."""
    renditions.sweep()
    checks.sweep()
    checks.sweep_seals()
    uploads.sweep()
    extracts.sweep()
    if not settings.SEAL_STATUS_FILE.exists():
        expiry.write_status()


@shared_task(name="assembly.documents.tasks.complete_timestamps")
@once_per("hour")
def complete_timestamps() -> None:
    """Retry the timestamps that an unreachable authority still owes, and record when the seal's certificate ends."""
    expiry.write_status()
    for document in queries.waiting_for_timestamp():
        try:
            register.complete_timestamp(document)
        except storage.BlobDamaged as error:
            log.error("%s waits for its timestamp: the file %s is missing or changed", document.reference, error)
        except TimestampUnavailable:
            log.warning("the time-stamping authority does not answer")
            return


@shared_task(name="assembly.documents.tasks.seal_register")
@once_per("day")
def seal_register() -> None:
    """Record the head of the register, with a token where an authority is configured, and delete old plain files."""
    renditions.delete_expired()
    register.seal_manifest()


@shared_task(name="assembly.documents.tasks.check_blobs")
@once_per("day")
def check_blobs() -> None:
    """Read every file again and compare it with its name; a damaged one is an error that administrators receive."""
    names = Blob.objects.order_by("pk").values_list("pk", flat=True).iterator()
    for sha256 in storage.damaged(names):
        log.error("the file %s is missing or changed", sha256)
