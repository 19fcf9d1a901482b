"""Clock jobs of the mission."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.clock import once_per
from mission.indicators import nightly
from mission.registers.dues import send_dues
from mission.watch import feeding


@shared_task
@once_per("day")
def send_weekly_mails() -> None:
    """Days that wait, once in each week: on Monday, or on the first day of it that the clock runs."""
    send_dues(timezone.localdate())


@shared_task
def fetch_feeds() -> None:
    """Fetch the feeds whose hour has come. Safe to run twice, and at once: each source is claimed by one worker."""
    feeding.fetch_due()


@shared_task
@once_per("day")
def count_indicators() -> None:
    """Count yesterday; a second clock finds everything written."""
    nightly.count_night()
