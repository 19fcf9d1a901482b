"""Clock jobs of the platform itself."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from assembly.jobs.clock import once_per
from assembly.jobs.models import IdempotencyKey, JobSlot

SLOT_RETENTION = timedelta(days=30)
# Longer than any sign-in (SESSION_COOKIE_AGE), so that the key of a form that can still be sent exists.
KEY_RETENTION = timedelta(days=2)


@shared_task(name="assembly.jobs.tasks.tick")
@once_per("minute")
def tick() -> None:
    """Record that the beat runs, for « État du service » and /sante/, and delete slots older than 30 days."""
    JobSlot.objects.filter(started_at__lt=timezone.now() - SLOT_RETENTION).delete()


@shared_task(name="assembly.jobs.tasks.delete_idempotency_keys")
@once_per("hour")
def delete_idempotency_keys() -> None:
    """Delete the keys of forms after two days."""
    IdempotencyKey.objects.filter(claimed_at__lt=timezone.now() - KEY_RETENTION).delete()
