"""Imports of the members, and their clock tasks."""

from celery import shared_task

from assembly.jobs.clock import once_per
from members.actions import imports
from members.models import ImportBatch


@shared_task(acks_late=True)
def import_members(batch_id: int) -> None:
    """Write the lines of an import; safe to run twice: each line is written once."""
    imports.write_rows(ImportBatch.objects.select_related("term", "started_by__person").get(pk=batch_id))


@shared_task
@once_per("minute")
def take_up_imports() -> None:
    """Restart imports whose worker died."""
    imports.sweep()


@shared_task
@once_per("hour")
def erase_imports() -> None:
    """Erase previews that nobody confirmed, and the errors of those that were."""
    imports.erase_expired_batches()
