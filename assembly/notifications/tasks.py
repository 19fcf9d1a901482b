"""The outbox's tasks: hints after a commit, and the sweep that needs no hint."""

from celery import shared_task
from celery.signals import worker_ready

from assembly.notifications.actions import sending


@shared_task
def deliver(slot: int) -> None:
    """Safe to run twice: the second run finds the lock of the slot held, or nothing due."""
    if sending.run(slot):
        deliver.delay(slot)


@shared_task
def sweep() -> None:
    """Start senders for due or abandoned mail whose task was lost; every ten seconds."""
    for slot in sending.slots_to_run():
        deliver.delay(slot)


@worker_ready.connect
def sweep_at_start(sender: object = None, **_: object) -> None:
    """A worker that starts does not wait for the clock."""
    sweep.delay()
