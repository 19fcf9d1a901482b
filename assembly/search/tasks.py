"""What a worker does for the index."""

from celery import shared_task

from assembly.jobs.clock import once_per
from assembly.search import actions


@shared_task(acks_late=True)
def reindex(kind: str, object_id: str) -> None:
    """Safe to run twice: an entry that says the same is left alone."""
    actions.index_one(kind, object_id)


@shared_task
def sweep() -> None:
    """Read what the journal has noted; a second worker finds the mark taken and does nothing."""
    if actions.catch_up():
        sweep.delay()


@shared_task(time_limit=7200, soft_time_limit=7000)
@once_per("day")
def refresh() -> None:
    """Read everything again in the night: some changes leave no line in the journal."""
    for _done in actions.reindex_all():
        pass
