"""Clock jobs of the directorates' desk."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.clock import once_per
from consultations.actions import digest, reminders


@shared_task
@once_per("minute")
def morning() -> None:
    """Note the reminders of the day, then send the daily mails: both may run again, nothing leaves twice."""
    now = timezone.now()
    reminders.note_all(timezone.localdate(now))
    digest.send_all(now)
