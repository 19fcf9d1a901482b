"""Tasks of the index."""

from celery import shared_task

from assembly.jobs.tasks import once_per
from assembly.search import actions


@shared_task(name="assembly.search.tasks.reindex", acks_late=True)
def reindex(kind: str, object_id: str) -> None:
    """Index one object again; idempotent: an entry with the same content is left as it is."""
    actions.index_one(kind, object_id)


@shared_task(name="assembly.search.tasks.sweep")
def sweep() -> None:
    """Index what the journal has recorded; a second worker finds the mark locked and does nothing."""
    if actions.catch_up():
        sweep.delay()


@shared_task(name="assembly.search.tasks.refresh", time_limit=7200, soft_time_limit=7000)
@once_per("day")
def refresh() -> None:
    """Index everything again at night: some changes leave no line in the journal."""
    for _done in actions.reindex_all():
        pass
