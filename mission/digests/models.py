"""The letter of a month, and who receives it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Assembly, Directorate
from assembly.ui.queryset import ScreenQuerySet
from mission.digests.enums import DigestState
from mission.registers.models import RegisterRow, row_constraints, row_indexes, state_field, user_key


class WatchDigest(RegisterRow):
    """The letter of a month: a text of its own, composed from what was kept, corrected, then sent once."""

    SHAPES = {DigestState.DRAFT: "doing", DigestState.SENT: "done"}

    state = state_field(DigestState, DigestState.DRAFT)
    body = models.TextField(_("texte"), max_length=40_000)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, editable=False)

    class Meta:
        verbose_name = _("lettre de veille")
        indexes = row_indexes("watch_digest")
        constraints = [
            *row_constraints("watch_digest", DigestState),
            models.CheckConstraint(
                name="watch_digest_sent_iff_sent",
                condition=Q(state=DigestState.SENT, sent_at__isnull=False)
                | (~Q(state=DigestState.SENT) & Q(sent_at=None)),
            ),
        ]


class DigestReader(models.Model):
    """Who receives the letters: somebody with an account, or the agents of a directorate."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    user = user_key(_("collègue"), null=True)
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("direction")
    )
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = user_key()

    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement à la lettre de veille")
        constraints = [
            models.CheckConstraint(
                name="digest_reader_one_kind",
                condition=Q(user=None, directorate__isnull=False) | Q(user__isnull=False, directorate=None),
            ),
            models.UniqueConstraint(
                fields=["assembly", "user", "directorate"], nulls_distinct=False, name="digest_reader_once"
            ),
        ]

    def __str__(self) -> str:
        return f"reader {self.pk}"
