"""Scheduled jobs of the directorates' desk."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.tasks import once_per
from consultations.briefing import actions as briefing
from consultations.digest import actions as digest
from consultations.reviews.actions import asking
from consultations.self_referrals import actions as self_referrals


@shared_task(name="consultations.tasks.morning")
@once_per("minute")
def morning() -> None:
    """Note the reminders of the day, then send the daily mails; both are idempotent, nothing leaves twice."""
    now = timezone.now()
    asking.note_reminders(timezone.localdate(now))
    digest.send_all(now)
    self_referrals.send_suggestion_news(now)


@shared_task(name="consultations.tasks.open_packs")
@once_per("minute")
def open_packs() -> None:
    """Open the packs that are due, announce what was added to open ones, withdraw files that nobody described."""
    now = timezone.now()
    briefing.release_due(now)
    briefing.send_document_news(now)
    briefing.withdraw_old_deposits()
