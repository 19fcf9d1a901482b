"""Scheduled task of the journal."""

from celery import shared_task

from assembly.audit.actions import publish_head
from assembly.jobs.tasks import once_per


@shared_task(name="assembly.audit.tasks.publish_journal_head")
@once_per("hour")
def publish_journal_head() -> None:
    """Publish the head of the chain, shown at /journal/tete.json."""
    publish_head()
