"""Health of the service: database, broker and storage must answer; a page shows what a person can repair."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.institution.models import Assembly
from assembly.jobs.models import FailedJob, JobSlot
from assembly.notifications.models import Delivery

BEAT_LATE_AFTER = timedelta(minutes=5)
BACKUP_LATE_AFTER = timedelta(hours=30)
CERTIFICATE_WARN = timedelta(days=60)
DISK_WARN = 0.10
DISK_FLOOR = 100 * 1024 * 1024  # bytes: four of the largest files that people may send
PATIENCE = 4.0
# Threads of the process that wait for a part; when all of them hang, the next probe times out and counts as a failure.
PROBES = ThreadPoolExecutor(8, thread_name_prefix="health")


def _database() -> bool:
    """Query as a page does: with a connection of the pool, and the row that every page reads."""
    try:
        Assembly.objects.exists()
    finally:
        connection.close()
    return True


def _broker() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    finally:
        client.close()


def _storage() -> bool:
    settings.BLOB_DIR.mkdir(parents=True, exist_ok=True)
    probe = settings.BLOB_DIR / ".probe"
    probe.write_bytes(b"ok")
    return probe.read_bytes() == b"ok"


def _space() -> bool:
    return disk()[0] >= DISK_FLOOR


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "storage": _storage,
    "space": _space,
}


def probe_services() -> dict[str, bool]:
    """Return which parts answer within PATIENCE seconds, all probed in parallel; an exception counts as no answer."""
    asked = {name: PROBES.submit(probe) for name, probe in PARTS.items()}
    wait(asked.values(), PATIENCE)
    return {name: _answered(future) for name, future in asked.items()}


def _answered(future: Future[bool]) -> bool:
    if not future.done():
        future.cancel()  # it must not start later, when the result is not needed any more
        return False
    try:
        return future.result()
    except (DatabaseError, redis.RedisError, OSError):
        return False


@dataclass(frozen=True)
class ServiceLine:
    """Line of « État du service »: a true figure and whether somebody should act."""

    label: str
    value: str
    is_late: bool
    advice: str = ""


def last_beat() -> datetime | None:
    """Return when the scheduler last ran."""
    return (
        JobSlot.objects.filter(job="assembly.jobs.tasks.tick")
        .order_by("-started_at")
        .values_list("started_at", flat=True)
        .first()
    )


def queues() -> list[dict[str, Any]]:
    """Return the length of each Celery queue and the due time of the oldest waiting mail."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        lengths = {name: int(client.llen(name)) for name in ("default", "mail", "pdf", "verify")}
    except redis.RedisError:
        lengths = {}
    finally:
        client.close()
    oldest = (
        Delivery.objects.filter(state="queued", next_attempt_at__lte=timezone.now())
        .order_by("next_attempt_at")
        .values_list("next_attempt_at", flat=True)
        .first()
    )
    labels = {
        "default": _("travaux courants"),
        "mail": _("préparation des courriels"),
        "pdf": _("documents PDF"),
        "verify": _("lecture de fichiers reçus"),
    }
    rows = [{"name": labels[name], "length": length, "oldest": None} for name, length in lengths.items()]
    waiting = Delivery.objects.filter(state="queued").count()
    return [*rows, {"name": _("courriels à envoyer"), "length": waiting, "oldest": oldest}]


def failed_jobs() -> list[FailedJob]:
    """Return the jobs that gave up and that nobody has run again, newest first."""
    return list(FailedJob.objects.filter(retried_at=None).order_by("-failed_at", "-pk")[:50])


def disk() -> tuple[int, int]:
    """Return the free and total bytes on the disk of the documents."""
    usage = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else settings.DATA_DIR.parent)
    return usage.free, usage.total


def last_backup() -> datetime | None:
    """Return when `manage.py backup` last succeeded."""
    try:
        written = json.loads(settings.BACKUP_STATUS_FILE.read_text(encoding="utf-8"))["finished_at"]
        return datetime.fromisoformat(written).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None
