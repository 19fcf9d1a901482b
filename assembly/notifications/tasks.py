"""The outbox's tasks: hints after a commit, and the sweep that needs no hint."""

from celery import shared_task
from celery.signals import worker_ready

from assembly.notifications.actions import sending


@shared_task
def deliver(chair: int) -> None:
    """Safe to run twice: the second one finds the chair taken, or nothing due."""
    if sending.run(chair):
        deliver.delay(chair)


@shared_task
def sweep() -> None:
    """What a lost hint, a dead worker or an emptied Redis left behind leaves within ten seconds."""
    for chair in sending.waiting_chairs():
        deliver.delay(chair)


@worker_ready.connect
def look_at_the_outbox(sender: object = None, **_: object) -> None:
    """A worker that starts does not wait for the next sweep."""
    sweep.delay()
