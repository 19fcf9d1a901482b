"""Scheduled tasks of the service."""

from celery import shared_task

from assembly.jobs.tasks import once_per
from assembly.portal import actions, journal

BACKUP_SECONDS = 4 * 3600


@shared_task(name="assembly.portal.tasks.verify_journal")
@once_per("day")
def verify_journal() -> None:
    """Verify the journal each night and send its head to the witnesses."""
    journal.verify_and_send_head()


@shared_task(
    name="assembly.portal.tasks.make_backup",
    acks_late=True,
    soft_time_limit=BACKUP_SECONDS,
    time_limit=BACKUP_SECONDS + 60,
)
def make_backup(backup_id: int) -> None:
    """Make one backup. It may run twice: only a pending backup is made, by one worker."""
    actions.make_backup(backup_id)


@shared_task(name="assembly.portal.tasks.sweep_backups")
@once_per("minute")
def sweep_backups() -> None:
    """Resume what a dead worker or a lost message left."""
    actions.sweep_backups()
