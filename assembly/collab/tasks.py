"""Clock jobs of the texts written together."""

from celery import shared_task
from django.utils import timezone

from assembly.collab import mails
from assembly.collab.actions import upkeep
from assembly.jobs.tasks import once_per


@shared_task(name="assembly.collab.tasks.run_upkeep")
def run_upkeep() -> None:
    """Update suggestion rows, snapshots and authorship; idempotent: what is done already is skipped."""
    upkeep.run_upkeep()


@shared_task(name="assembly.collab.tasks.morning")
@once_per("minute")
def morning() -> None:
    """Send the daily mails: one a person and a working day, whatever the number of clocks."""
    mails.send_all(timezone.now())
