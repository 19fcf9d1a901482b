"""Clock jobs of the mission."""

from celery import shared_task

from mission.watch import feeding


@shared_task
def fetch_feeds() -> None:
    """Fetch the feeds whose hour has come. Safe to run twice, and at once: each source is claimed by one worker."""
    feeding.fetch_due()
