"""Frozen list of those who may be drawn, under pseudonyms; the sealed table; what volunteers contest."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from draws.candidates.models import Candidate
from draws.draws.models import Draw, require_row
from draws.models.quota_version import QuotaVersion
from members.models import Mandate


class FrozenPool(models.Model):
    """Frozen list, never changed (trigger). `content`: canonical bytes of `pool.csv`, never public.
    `table_sha256`: of the sealed table. `counts`: applications by state and ground on that day, for the record."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="pools")
    version = models.PositiveSmallIntegerField(_("version"))
    quotas = models.ForeignKey(QuotaVersion, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    table_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("candidatures"))
    counts = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(_("figée le"))

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("liste figée")
        ordering = ["draw", "-version"]
        constraints = [models.UniqueConstraint(fields=["draw", "version"], name="pool_version_once")]

    def __str__(self) -> str:
        return f"pool {self.version} of draw {self.draw_id}"


def private_key() -> str:
    return secrets.token_urlsafe(24)


class PoolEntry(models.Model):
    """Line of the sealed table: a candidate, or a member in an internal draw.
    `key` opens the volunteer’s own page; it is deleted with the candidate."""

    pool = models.ForeignKey(FrozenPool, on_delete=models.PROTECT, related_name="entries")
    pseudonym = models.CharField(_("pseudonyme"), max_length=16)
    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, null=True, blank=True, related_name="pool_entries"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="pool_entries")
    key = models.CharField(max_length=40, unique=True, default=private_key, editable=False)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pseudonym"]
        constraints = [
            models.UniqueConstraint(fields=["pool", "pseudonym"], name="pool_entry_pseudonym_once"),
            models.UniqueConstraint(fields=["pool", "candidate"], name="pool_entry_candidate_once"),
            models.UniqueConstraint(fields=["pool", "mandate"], name="pool_entry_mandate_once"),
            models.CheckConstraint(
                name="pool_entry_candidate_or_mandate",
                condition=Q(candidate__isnull=False, mandate=None) | Q(candidate=None, mandate__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} of pool {self.pool_id}"

    @property
    def applicant(self) -> Candidate:
        """Return the candidate of this line in a draw of volunteers."""
        return require_row(self.candidate)

    @property
    def table_reference(self) -> str:
        """Return the reference of this person in the sealed table: never a name."""
        return self.candidate.reference if self.candidate else f"mandat-{self.mandate_id}"


class Contestation(models.Model):
    """Error that a volunteer reports in the frozen list; the team answers before any ball is drawn."""

    entry = models.ForeignKey(PoolEntry, on_delete=models.CASCADE, related_name="contestations")
    text = models.TextField(_("ce qui est faux"), max_length=1000)
    made_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(_("réponse"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    privacy = IMPERSONAL

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(answered_at=None), name="contestation_open_once"),
            models.CheckConstraint(
                name="contestation_answer_has_author",
                condition=Q(answered_at=None, answer="", answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"contestation {self.pk}"
