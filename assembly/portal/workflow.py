"""Workflow of a backup requested from the screen; a worker takes every step."""

from django.utils.translation import gettext_lazy as _

from assembly.portal.models import Backup, BackupState as S
from assembly.workflow import Step, Workflow

BACKUP: Workflow[Backup] = Workflow(
    [
        Step("begin", {S.ASKED}, S.MAKING),
        Step(
            "finish", {S.MAKING}, S.MADE, event_type="backup.made", history_text=_("a obtenu la sauvegarde demandée")
        ),
        Step(
            "fail",
            {S.MAKING},
            S.FAILED,
            event_type="backup.failed",
            history_text=_("n’a pas obtenu la sauvegarde demandée"),
        ),
        Step("prune", {S.MADE}, S.PRUNED),
    ],
    facts=lambda backup: {"name": backup.name, "size": backup.size},
)
