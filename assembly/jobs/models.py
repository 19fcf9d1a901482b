"""What the clock has done, and what the workers could not do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobSlot(models.Model):
    """One run of a periodic job: the unique (job, slot) makes five clocks have one effect."""

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
    """A task that gave up after its retries; a person may run it again from « État du service »."""

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
