"""Actions on failed jobs, and on backups requested from the screen.

A backup is made by a worker on the server, without the seal's key, one at a time. The worker holds an advisory lock
for the whole backup; PostgreSQL frees it when the worker dies. So a backup in progress without a holder of the lock
was left by a dead worker, however long a running one takes.
"""

import logging
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.jobs import failures, hints
from assembly.jobs.models import FailedJob
from assembly.portal.backup import BackupError, read_manifest, write_backup
from assembly.portal.models import Backup, BackupState
from assembly.portal.queries import backup_under_way, can_run_service
from assembly.portal.workflow import BACKUP
from assembly.web.errors import StateConflict

MAKE_TASK = "assembly.portal.tasks.make_backup"
MAKER_LOCK = 0x53415557  # « SAUV »
# Each is as large as the database and the documents, on the disk that the site writes on: one before and one after a
# risky operation, and one more in reserve.
MOST_BACKUPS = 3
# Backups still contain erased data: only the last one may be older (legal page of personal data).
RETENTION = timedelta(days=30)
log = logging.getLogger("assembly.portal")


@transaction.atomic
def ask_backup(*, by: User) -> Backup:
    """Request a backup of the whole installation; a worker makes it after the commit.

    Raise StateConflict with the one in progress, whether it was there before or was requested at the same instant.
    """
    if not can_run_service(by):
        raise PermissionDenied
    if running := backup_under_way():
        raise StateConflict(running, "ask")
    name = f"{timezone.localtime():%Y-%m-%d-%H%M}-{secrets.token_hex(8)}"
    backup = Backup(name=name, asked_by=by)
    try:
        with transaction.atomic():
            backup.save()
    except IntegrityError as error:
        raise StateConflict(backup_under_way() or backup, "ask") from error
    record("backup.asked", backup, by=by)
    hints.send_at_commit(MAKE_TASK, backup.pk)
    return backup


@contextmanager
def maker_lock() -> Iterator[bool]:
    """Take the lock of backups without blocking; yield whether this session holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MAKER_LOCK])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MAKER_LOCK])


def make_backup(pk: int) -> None:
    """Make the requested backup; it may run twice, and in parallel with another worker."""
    with maker_lock() as mine:
        if not mine:
            return
        settle_interrupted()
        if backup := Backup.objects.filter(pk=pk, state=BackupState.ASKED).first():
            _make(backup)
            prune_backups()


def _make(backup: Backup) -> None:
    BACKUP.follow(backup, "begin")
    try:
        backup.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _finish(backup, write_backup(backup.folder, seal_key=False))
    except BackupError as error:
        _fail(backup, str(error))
    except OSError as error:
        log.warning("the backup %s cannot be written: %s", backup, error)
        _fail(
            backup, _("Le dossier des sauvegardes ne peut pas être écrit : %(path)s.") % {"path": settings.BACKUP_DIR}
        )
    except SoftTimeLimitExceeded:
        _fail(backup, _("Elle durait depuis trop longtemps : elle est arrêtée."))
    except Exception:
        _fail(backup, _("Une erreur imprévue l’a arrêtée. L’administration technique en est prévenue."))
        raise


def _finish(backup: Backup, manifest: Mapping[str, Any]) -> None:
    size = sum(path.stat().st_size for path in backup.folder.rglob("*") if path.is_file())
    ended_at = datetime.fromisoformat(manifest["finished_at"])
    BACKUP.follow(backup, "finish", by=backup.asked_by, size=size, ended_at=ended_at)


def _fail(backup: Backup, sentence: str) -> None:
    """Record the reason for the person who requested it, and delete the partial backup from the disk."""
    _remove(backup)
    BACKUP.follow(backup, "fail", by=backup.asked_by, problem=sentence[:300], ended_at=timezone.now())


def _remove(backup: Backup) -> bool:
    """Delete the folder and return whether it is gone."""
    try:
        shutil.rmtree(backup.folder)
    except FileNotFoundError:
        return True
    except OSError as error:
        log.warning("the backup %s cannot be removed: %s", backup, error)
        return False
    return True


def settle_interrupted() -> None:
    """Settle the backups that are still « being made » while this process holds the lock.

    A valid manifest was written last, so its backup is complete. That is the case in a database that was restored from
    it, on the server where its folder still is.
    """
    for left in Backup.objects.select_related("asked_by").filter(state=BackupState.MAKING):
        try:
            manifest = read_manifest(left.folder)
        except BackupError:
            _fail(left, _("Le travail s’est arrêté avant la fin. Demandez-en une autre."))
        else:
            _finish(left, manifest)


def prune_backups() -> None:
    """Remove backups that are too old or too many, never the last one; mark those whose folder was deleted."""
    if not settings.BACKUP_DIR.is_dir():
        return  # a volume that is not mounted at present does not mean deleted folders
    finished = list(Backup.objects.filter(state=BackupState.MADE).order_by("-ended_at", "-pk"))
    there = [backup for backup in finished if backup.folder.is_dir()]
    since = timezone.now() - RETENTION
    for backup in finished:
        is_due = backup in there[MOST_BACKUPS:] or (
            backup in there[1:] and backup.ended_at and backup.ended_at < since
        )
        if backup not in there or (is_due and _remove(backup)):
            BACKUP.follow(backup, "prune")
    for failed in Backup.objects.filter(state=BackupState.FAILED, ended_at__gte=since):
        if failed.folder.is_dir():  # the dump of a killed worker may have gone on writing
            _remove(failed)


def sweep_backups() -> None:
    """Mark backups of dead workers as failed, enqueue pending ones again, remove old ones."""
    with maker_lock() as mine:
        if not mine:
            return
        settle_interrupted()
        prune_backups()
    for waiting in Backup.objects.filter(state=BackupState.ASKED):
        hints.send_at_commit(MAKE_TASK, waiting.pk)


@transaction.atomic
def retry_job(job: FailedJob, *, by: User) -> None:
    """Run a failed job again, once however often the button is used."""
    if job.retried_at is None:
        failures.retry(job)
        record("job.retried", job, by=by, task=job.task)
