"""Models of the jobs: the runs of the clock, the tasks that failed, and the forms that have acted."""

import uuid

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobSlot(models.Model):
    """One run of a periodic job: the unique (job, slot) gives five clocks one effect."""

    job = models.CharField(max_length=200)
    slot = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="job_slot_once")]
        indexes = [models.Index(fields=["job", "-started_at"], name="job_slot_latest")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"


class FailedJob(models.Model):
    """A task that failed after its retries; a person may run it again from « État du service »."""

    task = models.CharField(_("travail"), max_length=200)
    arguments = models.JSONField(default=list)
    error = models.CharField(_("erreur"), max_length=200)
    failed_at = models.DateTimeField(_("échoué le"))
    retried_at = models.DateTimeField(_("relancé le"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-failed_at", "-id"], name="failed_job_open", condition=models.Q(retried_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.failed_at:%Y-%m-%d}"


class IdempotencyKeyManager(models.Manager["IdempotencyKey"]):
    def claim(self, *, key: uuid.UUID, owner: str, target: str, fingerprint: str) -> tuple["IdempotencyKey", bool]:
        """Return the row of this key in the current transaction, and whether it is new.

        Blocks while another transaction that has claimed the same key has not ended.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO jobs_idempotencykey (key, owner, target, fingerprint, claimed_at)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (key, owner, target) DO NOTHING",
                [key, owner, target, fingerprint, timezone.now()],
            )
            is_new = cursor.rowcount == 1
        return self.get(key=key, owner=owner, target=target), is_new


class IdempotencyKey(models.Model):
    """One form that has acted, and where it led; a second post of it leads there too.

    `owner` is the account's key ("" when nobody is signed in), `target` the SHA-256 of the address (which may carry a
    token), `fingerprint` the SHA-256 of the fields and files. `status` is null while the view runs.
    """

    key = models.UUIDField()
    owner = models.CharField(max_length=20)
    target = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    claimed_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    location = models.TextField(db_default="")

    objects = IdempotencyKeyManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "owner", "target"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["claimed_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return f"{self.key}"
