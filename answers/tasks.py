"""Scheduled jobs of the answers."""

from celery import shared_task
from django.utils import timezone

from answers.cases.actions import cases
from answers.follow_up import actions as follow_up
from answers.voice import actions as voice
from assembly.jobs.tasks import once_per


@shared_task(name="answers.tasks.note_reminders")
@once_per("hour")
def note_reminders() -> None:
    """Add the reminders of the day to the daily mail of agents, which leaves at eight. Idempotent."""
    today = timezone.localdate()
    cases.note_due_answers(today)
    follow_up.note_due_updates(today)


@shared_task(name="answers.tasks.send_proposal_news")
def send_proposal_news() -> None:
    """Write to followers once no event has come for a while. Idempotent: events are marked as sent."""
    voice.send_proposal_news(timezone.now())


@shared_task(name="answers.tasks.count_ratings")
@once_per("day")
def count_ratings() -> None:
    """Update the published totals of ratings, five ratings at a time."""
    voice.count_all(timezone.localdate())
