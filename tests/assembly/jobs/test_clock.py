"""Five clocks have one effect; what fails for good is kept, and may be sent again once."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import timezone

from assembly.jobs import failures
from assembly.jobs.models import FailedJob, IdempotencyKey, JobSlot
from assembly.jobs.tasks import KEY_RETENTION, SLOTS, delete_idempotency_keys, once_per, tick


@pytest.mark.django_db(transaction=True)
def test_five_clocks_in_the_same_minute_have_one_effect():
    done = []

    @once_per("minute")
    def work():
        done.append(1)

    def run(_):
        try:
            work()
        finally:
            connection.close()

    with time_machine.travel(datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC), tick=False), ThreadPoolExecutor(5) as pool:
        list(pool.map(run, range(5)))
    assert len(done) == 1
    assert JobSlot.objects.get().finished_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("unit", "first", "second", "times"),
    [
        ("minute", "2026-03-01T12:00:59Z", "2026-03-01T12:01:00Z", 2),
        ("hour", "2026-03-01T12:00:00Z", "2026-03-01T12:59:59Z", 1),
        ("day", "2026-03-01T22:30:00Z", "2026-03-01T23:30:00Z", 2),
        ("year", "2026-12-31T22:30:00Z", "2026-12-31T23:30:00Z", 2),
    ],
)
def test_slots_are_those_of_paris(unit, first, second, times):
    done = []

    @once_per(unit)
    def work():
        done.append(1)

    for moment in (first, second):
        with time_machine.travel(datetime.fromisoformat(moment), tick=False):
            work()
    assert len(done) == times
    assert set(SLOTS) == {"minute", "hour", "day", "year"}


@pytest.mark.django_db
def test_a_job_that_fails_does_not_say_it_finished():
    @once_per("hour")
    def work():
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        work()
    assert JobSlot.objects.get().finished_at is None


@pytest.mark.django_db
def test_the_tick_forgets_slots_of_a_month_ago():
    JobSlot.objects.create(job="old", slot="x", started_at=timezone.now() - timedelta(days=31))
    tick()
    assert list(JobSlot.objects.values_list("job", flat=True)) == ["assembly.jobs.tasks.tick"]


@pytest.mark.django_db
def test_a_failure_keeps_the_kind_of_error_and_no_text():
    class Sender:
        name = "members.tasks.x"

    failures._record_failure(sender=Sender, exception=ValueError("Yvette Cazaux"), args=[12])
    job = FailedJob.objects.get()
    assert (job.task, job.arguments, job.error, job.retried_at) == ("members.tasks.x", [12], "ValueError", None)


@pytest.mark.django_db
def test_a_failed_job_is_sent_again_once(monkeypatch):
    sent = []
    from celery import current_app

    monkeypatch.setattr(
        current_app._get_current_object(), "send_task", lambda name, args, retry: sent.append((name, args))
    )
    job = FailedJob.objects.create(task="a.b", arguments=[3], error="OSError", failed_at=timezone.now())
    failures.retry(job)
    failures.retry(job)
    assert sent == [("a.b", [3])]


@pytest.mark.django_db
def test_keys_of_forms_go_after_two_days():
    """Longer than any sign-in, so that no page that may still be sent has lost its key."""
    assert KEY_RETENTION > timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for age in (timedelta(days=1), timedelta(days=3)):
        IdempotencyKey.objects.create(
            key=uuid.uuid4(), owner="1", target="x", fingerprint="x", claimed_at=timezone.now() - age
        )
    delete_idempotency_keys()
    (left,) = IdempotencyKey.objects.all()
    assert timezone.now() - left.claimed_at < timedelta(days=2)
