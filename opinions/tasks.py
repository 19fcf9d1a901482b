"""Clock jobs of opinions."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.clock import once_per
from opinions.actions import tabling


@shared_task
@once_per("minute")
def move_windows() -> None:
    """Open and close the windows of amendments at their hour."""
    tabling.move_windows(timezone.now())
