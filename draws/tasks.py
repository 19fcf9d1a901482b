"""The computations of draws, and the clock that takes them up again."""

from celery import shared_task

from assembly.jobs.clock import once_per
from draws.actions import computation, profile

HALF_AN_HOUR = 1800


@shared_task(acks_late=True, time_limit=HALF_AN_HOUR + 30, soft_time_limit=HALF_AN_HOUR)
def compute(pk: int) -> None:
    """Safe to run twice: one at a time, and what is over is left alone."""
    computation.run_computation(pk)


@shared_task
@once_per("minute")
def take_up_computations() -> None:
    """Go on with computations that wait, or whose worker died."""
    computation.sweep()


@shared_task
@once_per("day")
def publish_profiles() -> None:
    """Tell the public the profile of the members anew, where enough of them changed."""
    profile.publish_profiles()
