"""Clock jobs of the answers."""

from celery import shared_task
from django.utils import timezone

from answers.actions import follow_up_reminders, following, ratings, reminders
from assembly.jobs.clock import once_per


@shared_task
@once_per("hour")
def note_reminders() -> None:
    """Put the reminders of the day in the daily mail of agents, which leaves at eight: nothing is written twice."""
    today = timezone.localdate()
    reminders.note_due_answers(today)
    follow_up_reminders.note_due_updates(today)


@shared_task
def tell_proposal_news() -> None:
    """Write to those who follow a proposal, once it is quiet. Safe to run twice: what is told is marked with it."""
    following.tell_proposal_news(timezone.now())


@shared_task
@once_per("day")
def count_ratings() -> None:
    """Bring the published totals of ratings up to date, five ratings at a time."""
    ratings.count_all(timezone.localdate())
