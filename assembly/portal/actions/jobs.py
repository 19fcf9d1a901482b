"""Actions of a person on failed jobs."""

from django.db import transaction

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.jobs import failures
from assembly.jobs.models import FailedJob


@transaction.atomic
def retry_job(job: FailedJob, *, by: User) -> None:
    """Run a failed job again, once however often the button is used."""
    if job.retried_at is None:
        failures.retry(job)
        record("job.retried", job, by=by, task=job.task)
