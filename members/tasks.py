"""Clock jobs of the members."""

from celery import shared_task

from assembly.jobs.clock import once_per
from members.actions import imports


@shared_task
@once_per("hour")
def forget_imports() -> None:
    """Erase previews nobody confirmed, and the errors kept for those who did."""
    imports.forget_expired()
