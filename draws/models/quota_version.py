"""Version of the quotas: what was decided, in the bytes that are published. Never changed (trigger)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import IMPERSONAL
from draws.draws.models import Draw


class QuotaVersion(models.Model):
    """Version of the quotas. `content`: canonical bytes of `quotas.csv`. `decision`: why, as it was decided."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="quota_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    seats = models.PositiveSmallIntegerField(_("sièges"))
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    decision = models.TextField(_("décision"), max_length=2000)
    remedy = models.CharField(max_length=20, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("version des quotas")
        ordering = ["draw", "-number"]
        constraints = [models.UniqueConstraint(fields=["draw", "number"], name="quota_version_once")]

    def __str__(self) -> str:
        return f"quotas {self.number} of draw {self.draw_id}"
