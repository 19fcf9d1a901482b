"""What a worker of the queue `pdf` does for the demonstration."""

from celery import shared_task
from django.conf import settings


@shared_task
def seal(name: str) -> None:
    """Play one step of the sealing. Safe to run twice: a step that was played is left alone."""
    if settings.LOCAL:
        from demo import sealing  # noqa: PLC0415 -- every worker of production reads this file, none plays a story

        sealing.play(name)
