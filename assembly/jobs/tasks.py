"""Clock jobs of the platform itself."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from assembly.jobs.clock import once_per
from assembly.jobs.models import JobSlot

KEPT_FOR = timedelta(days=30)


@shared_task
@once_per("minute")
def tick() -> None:
    """The beat's own sign of life, shown on « État du service » and by /sante/."""
    JobSlot.objects.filter(started_at__lt=timezone.now() - KEPT_FOR).delete()
