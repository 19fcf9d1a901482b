"""The clock job of the saved views."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.tasks import once_per
from assembly.saved_views.actions import send_weekly


@shared_task(name="assembly.saved_views.tasks.send_weekly_views")
@once_per("day")
def send_weekly_views() -> None:
    """Send the views once in each week: on Monday, or on the first day of it on which the clock runs."""
    send_weekly(timezone.localdate())
