"""Letter of a month, and its recipients."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy
from assembly.institution.models import Assembly, Directorate
from assembly.speed.queryset import ScreenQuerySet
from mission.letters.models import LetterRow, letter_constraints
from mission.registers.checks import row_indexes
from mission.registers.fields import user_key


class WatchDigest(LetterRow):
    """Letter of a month, composed from the retained items."""

    class Meta:
        verbose_name = _("lettre de veille")
        indexes = row_indexes("watch_digest")
        constraints = letter_constraints("watch_digest")


class DigestReader(models.Model):
    """Recipient of the letters: a user, or the agents of a directorate."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="+")
    user = user_key(_("collègue"), null=True)
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("direction")
    )
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = user_key()

    privacy = ModelPrivacy(
        _("Votre abonnement à la lettre de veille"), owner="user__person", deletes_rows=True, internal=["directorate"]
    )
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
