"""Task of the queue `pdf` for the demonstration."""

from celery import shared_task
from django.conf import settings

from demo.context import adopt_saved_day


@shared_task(name="demo.tasks.seal")
def seal(name: str) -> None:
    """Play one step of the sealing; idempotent: a step that was played is skipped."""
    if settings.LOCAL:
        adopt_saved_day()
        from demo import sealing  # noqa: PLC0415 -- it reads its days when imported, and production never does

        sealing.play(name)
