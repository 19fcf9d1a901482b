"""Scheduled jobs of the mission."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.tasks import once_per
from mission.indicators import actions as indicators
from mission.registers.mails import send_dues
from mission.watch import actions as watch


@shared_task(name="mission.tasks.send_weekly_mails")
@once_per("day")
def send_weekly_mails() -> None:
    """Send the due days once in each week: on Monday, or on its first day on which the clock runs."""
    send_dues(timezone.localdate())


@shared_task(name="mission.tasks.fetch_feeds")
def fetch_feeds() -> None:
    """Fetch the feeds that are due. Safe to run twice, and at once: each source is claimed by one worker."""
    watch.fetch_due()


@shared_task(name="mission.tasks.count_indicators")
@once_per("day")
def count_indicators() -> None:
    """Count yesterday; a second run finds everything written."""
    indicators.count_night()
