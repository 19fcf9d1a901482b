"""Clock jobs of the mission’s desk."""

from celery import shared_task

from assembly.jobs.clock import once_per
from mission.indicators import nightly


@shared_task
@once_per("day")
def count_indicators() -> None:
    """Count yesterday; a second clock finds everything written."""
    nightly.count_night()
