"""Task of the queue `pdf` for the demonstration."""

from celery import shared_task
from django.conf import settings


@shared_task(name="demo.tasks.seal")
def seal(name: str) -> None:
    """Play one step of the sealing; idempotent: a step that was played is skipped."""
    if settings.LOCAL:
        from demo import sealing  # noqa: PLC0415 -- every worker of production imports this file, none plays a step

        sealing.play(name)
