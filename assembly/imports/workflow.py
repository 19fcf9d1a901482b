"""Steps of an import. The README has the same table."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.imports.models import BatchState as B, ImportBatch
from assembly.institution.rules import is_team
from assembly.jobs import hints
from assembly.workflow import Permission, Step, Transition, Workflow

PREVIEW_LIFETIME = timedelta(hours=2)
IMPORT_TASK = "members.tasks.import_members"
IMPORT_TEAM: Permission[ImportBatch] = Permission(lambda user, batch: is_team(user, batch.term_id), _("équipe"))


def check_not_expired(batch: ImportBatch) -> None:
    if batch.expires_at <= timezone.now():
        raise ValidationError(gettext("Cet aperçu a expiré. Envoyez le fichier à nouveau."), code="expired")


def extend_expiry(batch: ImportBatch, taken: Transition) -> dict[str, Any]:
    return {"expires_at": timezone.now() + PREVIEW_LIFETIME}


def enqueue(batch: ImportBatch, taken: Transition | None = None) -> None:
    """Notify a worker once this commits. Only a hint: the sweep finds what the broker lost."""
    hints.send_at_commit(IMPORT_TASK, batch.pk)


IMPORT_BATCH: Workflow[ImportBatch] = Workflow(
    [
        Step(
            "confirm",
            {B.PREVIEWED},
            B.RUNNING,
            by=IMPORT_TEAM,
            guards=(check_not_expired,),
            changes=extend_expiry,
            then=enqueue,
        ),
        Step("stop", {B.RUNNING}, B.STOPPED, by=IMPORT_TEAM),
        Step("resume", {B.STOPPED}, B.RUNNING, by=IMPORT_TEAM, changes=extend_expiry, then=enqueue),
        Step(
            "finish",
            {B.RUNNING, B.STOPPED},
            B.CONFIRMED,
            event_type="members.imported",
            history_text=_("a importé un fichier"),
        ),
    ],
    dossier=lambda batch: batch.term,
    common_columns=lambda: {"progressed_at": timezone.now()},
)
