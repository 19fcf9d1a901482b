"""Reading and writing of imports, and their clock tasks.

They are registered under the names of version 1.0.0: a message from before, or to the image before, is still served.
"""

from celery import shared_task

from assembly.imports import actions
from assembly.imports.models import ImportBatch
from assembly.imports.workflow import IMPORT_TASK
from assembly.jobs.tasks import once_per


@shared_task(name=IMPORT_TASK, acks_late=True)
def work_on_import(batch_id: int) -> None:
    """Read or write the lines of an import; safe to run twice: each line is written once."""
    actions.continue_import(ImportBatch.objects.select_related("term", "started_by__person").get(pk=batch_id))


@shared_task(name="members.tasks.take_up_imports")
@once_per("minute")
def take_up_imports() -> None:
    """Restart imports whose worker died."""
    actions.sweep()


@shared_task(name="members.tasks.erase_imports")
@once_per("hour")
def erase_imports() -> None:
    """Erase previews that nobody confirmed, and the errors of those that were."""
    actions.erase_expired_batches()
