"""Steps of an import. The README has the same table."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.imports.models import BatchState as B, ImportBatch, ImportSource
from assembly.institution.rules import is_team
from assembly.jobs import hints
from assembly.workflow import Permission, Step, Transition, Workflow

PREVIEW_LIFETIME = timedelta(hours=2)
UNDO_FOR = timedelta(days=7)
IMPORT_TASK = "members.tasks.import_members"
IMPORT_TEAM: Permission[ImportBatch] = Permission(lambda user, batch: is_team(user, batch.term_id), _("équipe"))


def check_not_expired(batch: ImportBatch) -> None:
    if batch.expires_at <= timezone.now():
        raise ValidationError(gettext("Cet aperçu a expiré. Envoyez le fichier à nouveau."), code="expired")


def check_lines_ready(batch: ImportBatch) -> None:
    """Raise ValidationError for a file whose columns nobody chose, and for one that the plan stops."""
    is_unsure = ImportSource.objects.filter(batch=batch, are_columns_known=False).exists()
    if batch.counters.get("stops") or (is_unsure and not batch.lines.exists()):
        raise ValidationError(gettext("Rien n’est prêt : dites d’abord ce que contient chaque colonne."), code="empty")


def extend_expiry(batch: ImportBatch, taken: Transition) -> dict[str, Any]:
    return {"expires_at": timezone.now() + PREVIEW_LIFETIME}


def taken_over(batch: ImportBatch, taken: Transition) -> dict[str, Any]:
    """Let whoever resumes an import write its rest: the first author may have left."""
    return extend_expiry(batch, taken) | {"started_by": taken.by}


def starts_over(batch: ImportBatch, taken: Transition) -> dict[str, Any]:
    return {"started_by": taken.by, "counters": without_reasons(batch)}


def without_reasons(batch: ImportBatch) -> dict[str, Any]:
    """Return the counters without the names of rows that kept an import from being undone."""
    return {name: value for name, value in batch.counters.items() if name != "kept"}


def check_in_time(batch: ImportBatch) -> None:
    """Raise ValidationError where an import can no longer be undone, or never could."""
    if not can_be_undone(batch):
        raise ValidationError(gettext("Cet import ne peut plus être annulé."), code="late")


def undo_until(batch: ImportBatch) -> datetime | None:
    """Return until when an import can be undone; None once nothing is kept for that."""
    is_kept = batch.confirmed_at and batch.lines.exclude(written={}).exists()
    return batch.confirmed_at + UNDO_FOR if is_kept and batch.confirmed_at else None


def can_be_undone(batch: ImportBatch) -> bool:
    until = undo_until(batch)
    return until is not None and until > timezone.now()


def enqueue(batch: ImportBatch, taken: Transition | None = None) -> None:
    """Notify a worker, which reads or writes, once this commits. Only a hint: the sweep finds what the broker lost."""
    hints.send_at_commit(IMPORT_TASK, batch.pk)


IMPORT_BATCH: Workflow[ImportBatch] = Workflow(
    [
        Step("read", {B.PREVIEWED}, B.READING, by=IMPORT_TEAM, changes=extend_expiry),
        Step("show", {B.READING}, B.PREVIEWED),
        Step(
            "confirm",
            {B.PREVIEWED},
            B.RUNNING,
            by=IMPORT_TEAM,
            guards=(check_not_expired, check_lines_ready),
            changes=extend_expiry,
            then=enqueue,
        ),
        Step("stop", {B.RUNNING}, B.STOPPED, by=IMPORT_TEAM),
        Step("resume", {B.STOPPED}, B.RUNNING, by=IMPORT_TEAM, changes=taken_over, then=enqueue),
        Step(
            "finish",
            {B.RUNNING, B.STOPPED},
            B.CONFIRMED,
            event_type="members.imported",
            history_text=_("a importé un fichier"),
        ),
        Step(
            "undo",
            {B.CONFIRMED},
            B.UNDOING,
            by=IMPORT_TEAM,
            guards=(check_in_time,),
            changes=starts_over,
            then=enqueue,
        ),
        Step("keep", {B.UNDOING}, B.CONFIRMED),
        Step(
            "take_back",
            {B.UNDOING},
            B.UNDONE,
            event_type="members.import_undone",
            history_text=_("a annulé un import"),
        ),
    ],
    dossier=lambda batch: batch.term,
    common_columns=lambda: {"progressed_at": timezone.now()},
)
