"""Backups asked from the screen. Their folders lie on the server: no page opens one, and none gives its bytes."""

from pathlib import Path

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assembly.portal.enums import ENDED, EVER_MADE, UNDER_WAY, BackupState

# Made by us alone: a day, an hour and a random part, with nothing that could lead out of the folder of backups.
NAME = r"^\d{4}-\d{2}-\d{2}-\d{4}-[0-9a-f]{16}$"


class Backup(models.Model):
    """Asked by a person, made by a worker, one at a time; `name` is its folder below `BACKUP_DIR`."""

    name = models.CharField(max_length=40, unique=True, validators=[RegexValidator(NAME)])
    state = models.CharField(_("état"), max_length=10, choices=BackupState, default=BackupState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    ended_at = models.DateTimeField(_("terminée le"), null=True)
    size = models.PositiveBigIntegerField(_("taille"), null=True)
    problem = models.CharField(_("ce qui a manqué"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=sorted(UNDER_WAY)), name="backup_one_at_once"
            ),
            models.CheckConstraint(condition=Q(name__regex=NAME), name="backup_name_stays_in_its_folder"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED), ended_at__isnull=False)
                | Q(state__in=sorted(UNDER_WAY), ended_at=None),
                name="backup_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(EVER_MADE), size__isnull=False)
                | (~Q(state__in=sorted(EVER_MADE)) & Q(size=None)),
                name="backup_made_iff_size",
            ),
            models.CheckConstraint(
                condition=~Q(state=BackupState.FAILED) | ~Q(problem=""), name="backup_failed_has_sentence"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """Where it lies; nothing is there before it is being made, nor once it failed or was pruned."""
        folder: Path = settings.BACKUP_DIR / self.name
        return folder

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY
