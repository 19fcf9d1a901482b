"""Scheduled jobs of the directorates' desk."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.clock import once_per
from consultations.actions import briefing_release, reminders, suggestion_news
from consultations.briefing import actions as briefing
from consultations.digest import actions as digest


@shared_task(name="consultations.tasks.morning")
@once_per("minute")
def morning() -> None:
    """Note the reminders of the day, then send the daily mails; both are idempotent, nothing leaves twice."""
    now = timezone.now()
    reminders.note_all(timezone.localdate(now))
    digest.send_all(now)
    suggestion_news.send_all(now)


@shared_task(name="consultations.tasks.open_packs")
@once_per("minute")
def open_packs() -> None:
    """Open the packs that are due, announce what was added to open ones, withdraw files that nobody described."""
    now = timezone.now()
    briefing_release.release_due(now)
    briefing_release.send_document_news(now)
    briefing.withdraw_old_deposits()
