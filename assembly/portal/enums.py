from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupState(models.TextChoices):
    ASKED = "asked", _("demandée")
    MAKING = "making", _("en cours")
    MADE = "made", _("faite")
    FAILED = "failed", _("échouée")
    PRUNED = "pruned", _("effacée")


UNDER_WAY = frozenset({BackupState.ASKED, BackupState.MAKING})
ENDED = frozenset({BackupState.MADE, BackupState.FAILED, BackupState.PRUNED})
EVER_MADE = frozenset({BackupState.MADE, BackupState.PRUNED})
