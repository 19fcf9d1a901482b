"""Computations of draws, and the clock tasks that restart them."""

from celery import shared_task

from assembly.jobs.tasks import once_per
from draws.draws.actions import computation
from draws.representation import actions as representation

HALF_AN_HOUR = 1800


@shared_task(name="draws.tasks.compute", acks_late=True, time_limit=HALF_AN_HOUR + 30, soft_time_limit=HALF_AN_HOUR)
def compute(pk: int) -> None:
    """Run a computation; safe to run twice: one runs at a time, and a finished one is not changed."""
    computation.run_computation(pk)


@shared_task(name="draws.tasks.take_up_computations")
@once_per("minute")
def take_up_computations() -> None:
    """Restart computations that are queued, or whose worker died."""
    computation.sweep()


@shared_task(name="draws.tasks.publish_profiles")
@once_per("day")
def publish_profiles() -> None:
    """Publish the profile of the members again, where enough of them changed."""
    representation.publish_profiles()
