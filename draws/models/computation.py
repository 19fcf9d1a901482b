"""Long computation of a draw, run by a worker: a trial of the quotas, or the portfolio of numbered lots."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from draws.draws.models import Draw
from draws.enums import RUNNING_COMPUTATIONS, ComputationKind, ComputationState
from draws.models.pool import FrozenPool
from draws.models.quota_version import QuotaVersion

K, S = ComputationKind, ComputationState


class Computation(models.Model):
    """Computation of a draw. `digest` is that of its input: equal digests and ceilings give equal bytes.

    A trial stores in `findings` its result: sentence and remedies of an impossible pool, or who is in every panel and
    who in none. A portfolio stores `lots` and `certificate`, never changed once they are there (trigger).
    """

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="computations")
    kind = models.CharField(max_length=10, choices=ComputationKind)
    state = models.CharField(_("état"), max_length=10, choices=ComputationState, default=ComputationState.QUEUED)
    quotas = models.ForeignKey(QuotaVersion, on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey(FrozenPool, on_delete=models.PROTECT, null=True, blank=True, related_name="computations")
    ceiling = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    digest = models.CharField(max_length=64)
    phase = models.CharField(max_length=20, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    is_cancelled = models.BooleanField(default=False)
    findings = models.JSONField(default=dict)
    lots = models.BinaryField(null=True)
    lots_sha256 = models.CharField(max_length=64, blank=True)
    certificate = models.BinaryField(null=True)
    error = models.CharField(max_length=2000, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    progressed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("fini le"), null=True, blank=True)

    privacy = IMPERSONAL

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draw"], condition=Q(state__in=RUNNING_COMPUTATIONS), name="computation_one_at_a_time"
            ),
            models.CheckConstraint(
                name="computation_portfolio_has_pool",
                condition=Q(kind=K.TRIAL, pool=None) | Q(kind=K.PORTFOLIO, pool__isnull=False),
            ),
            models.CheckConstraint(
                name="computation_ready_portfolio_has_lots",
                condition=~Q(kind=K.PORTFOLIO, state=S.READY)
                | Q(lots__isnull=False, certificate__isnull=False) & ~Q(lots_sha256=""),
            ),
            models.CheckConstraint(
                name="computation_finished_iff_over",
                condition=Q(state__in=RUNNING_COMPUTATIONS, finished_at=None)
                | ~Q(state__in=RUNNING_COMPUTATIONS) & Q(finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of draw {self.draw_id}"

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING_COMPUTATIONS
