"""Scheduled tasks of identity."""

import logging

from celery import shared_task

from assembly.identity.actions import erase_due
from assembly.identity.http import delete_old_files
from assembly.jobs.tasks import once_per

log = logging.getLogger("assembly.identity")


@shared_task(name="assembly.identity.tasks.apply_retention")
@once_per("day")
def apply_retention() -> None:
    """Apply the retention periods, once a night."""
    log.info("retention", extra={"facts": erase_due()})
    delete_old_files()
