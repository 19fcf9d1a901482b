"""A row for every task that failed for good. Arguments are ids only (CONTRIBUTING.md R7), so no personal data."""

from typing import Any

from celery import current_app
from celery.signals import task_failure
from django.db import transaction
from django.utils import timezone

from assembly.jobs.models import FailedJob


def _record_failure(sender: Any = None, exception: BaseException | None = None, args: Any = (), **_: Any) -> None:
    with transaction.atomic():
        FailedJob.objects.create(
            task=sender.name,
            arguments=list(args or ()),
            error=type(exception).__name__,
            failed_at=timezone.now(),
        )


def listen() -> None:
    """Connect the handler of every worker's final failures."""
    task_failure.connect(_record_failure, dispatch_uid="assembly.jobs.failures")


def retry(job: FailedJob) -> None:
    """Send the task again, once: a second click finds `retried_at` set and does nothing.

    No sweep makes up for it, so it is sent before the commit: kombu's OperationalError leaves the job in the list.
    """
    with transaction.atomic():
        if FailedJob.objects.filter(pk=job.pk, retried_at=None).update(retried_at=timezone.now()):
            current_app.send_task(job.task, args=job.arguments, retry=False)
