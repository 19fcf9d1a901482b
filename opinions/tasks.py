"""Clock jobs of opinions."""

from celery import shared_task
from django.utils import timezone

from assembly.jobs.tasks import once_per
from opinions.adoption.actions import voting
from opinions.amendments import mails as amendments
from opinions.papers import actions as papers


@shared_task(name="opinions.tasks.move_windows")
@once_per("minute")
def move_windows() -> None:
    """Open and close the windows of amendments at their hour."""
    voting.move_windows(timezone.now())


@shared_task(name="opinions.tasks.morning")
@once_per("minute")
def morning() -> None:
    """Mail the news about amendments to their authors and signers; safe to run twice, nothing is sent twice."""
    amendments.send_all(timezone.now())


@shared_task(name="opinions.tasks.leave_old_imports")
@once_per("hour")
def leave_old_imports() -> None:
    """Empty the Word files that nobody confirmed within a day."""
    papers.empty_old_imports(timezone.now())
