"""Clock jobs of the platform itself."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from assembly.jobs.clock import once_per
from assembly.jobs.models import IdempotencyKey, JobSlot

KEPT_FOR = timedelta(days=30)
# Longer than any sign-in (SESSION_COOKIE_AGE): a page that may still be sent keeps its key.
KEYS_KEPT_FOR = timedelta(days=2)


@shared_task
@once_per("minute")
def tick() -> None:
    """The beat's own sign of life, shown on « État du service » and by /sante/."""
    JobSlot.objects.filter(started_at__lt=timezone.now() - KEPT_FOR).delete()


@shared_task
@once_per("hour")
def forget_idempotency_keys() -> None:
    """Keys of forms go after two days."""
    IdempotencyKey.objects.filter(claimed_at__lt=timezone.now() - KEYS_KEPT_FOR).delete()
