"""Scheduled task of the open data."""

from celery import shared_task

from assembly.jobs.tasks import once_per
from assembly.open_data import archive


@shared_task(name="assembly.open_data.tasks.make_archive")
@once_per("day")
def make_archive() -> None:
    """Make the archive of the night."""
    archive.make_archive()
