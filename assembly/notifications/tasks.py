"""Tasks of the outbox: hints after a commit, and the sweep that works without them."""

from celery import shared_task
from celery.signals import worker_ready

from assembly.notifications.actions import sending


@shared_task(name="assembly.notifications.tasks.deliver")
def deliver(slot: int) -> None:
    """Run a sender. It may run twice: the second run finds the slot locked, or nothing due."""
    if sending.run(slot):
        deliver.delay(slot)


@shared_task(name="assembly.notifications.tasks.sweep")
def sweep() -> None:
    """Start senders for due or abandoned mail whose task was lost; runs every ten seconds."""
    for slot in sending.slots_to_run():
        deliver.delay(slot)


@worker_ready.connect
def sweep_at_start(sender: object = None, **_: object) -> None:
    """Sweep when a worker starts, without waiting for the schedule."""
    sweep.delay()
