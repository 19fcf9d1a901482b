"""Scheduled tasks of identity."""

import logging

from celery import shared_task

from assembly.identity.actions.personal_data import let_go
from assembly.identity.suspended_request import forget_old_files
from assembly.jobs.clock import once_per

log = logging.getLogger("assembly.identity")


@shared_task
@once_per("day")
def keep_no_longer() -> None:
    """Apply the retention periods, once a night."""
    log.info("retention", extra={"facts": let_go()})
    forget_old_files()
