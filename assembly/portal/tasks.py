"""Clock jobs of the house keeping."""

from celery import shared_task

from assembly.jobs.clock import once_per
from assembly.portal import journal


@shared_task
@once_per("day")
def verify_journal() -> None:
    """Prove the journal each night and send its head to the witnesses."""
    journal.nightly()
