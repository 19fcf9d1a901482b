"""Periodic jobs, which run once per slot whatever the number of clocks (reliability.md F19); those of the platform."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from zlib import crc32

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from assembly.jobs.models import IdempotencyKey, JobSlot

SLOTS: dict[str, Callable[[datetime], str]] = {
    "minute": lambda now: now.strftime("%Y-%m-%dT%H:%M"),
    "hour": lambda now: now.strftime("%Y-%m-%dT%H"),
    "day": lambda now: timezone.localtime(now).strftime("%Y-%m-%d"),
    "year": lambda now: timezone.localtime(now).strftime("%Y"),
}


def claim(job: str, slot: str) -> JobSlot | None:
    """Take (job, slot) for this process; return None when another clock has taken it.

    The advisory lock only avoids a unique violation in the log; the constraint is what decides.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [crc32(f"job:{job}:{slot}".encode())])
        if not cursor.fetchone()[0]:
            return None
        row, created = JobSlot.objects.get_or_create(job=job, slot=slot, defaults={"started_at": timezone.now()})
        return row if created else None


def once_per(unit: str) -> Callable[[Callable[[], Any]], Callable[[], None]]:
    """Decorate the body of a periodic task: it runs once per minute, hour, day or year (Paris days)."""

    def decorate(body: Callable[[], Any]) -> Callable[[], None]:
        @wraps(body)
        def run() -> None:
            slot = claim(f"{body.__module__}.{body.__qualname__}", SLOTS[unit](timezone.now()))
            if slot is None:
                return
            body()
            JobSlot.objects.filter(pk=slot.pk).update(finished_at=timezone.now())

        return run

    return decorate


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
