"""Clock jobs of the answers."""

from celery import shared_task
from django.utils import timezone

from answers.actions import follow_up_reminders, reminders
from assembly.jobs.clock import once_per


@shared_task
@once_per("hour")
def note_reminders() -> None:
    """Put the reminders of the day in the daily mail of agents, which leaves at eight: nothing is written twice."""
    today = timezone.localdate()
    reminders.note_due_answers(today)
    follow_up_reminders.note_due_updates(today)
