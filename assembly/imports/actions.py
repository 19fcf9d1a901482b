"""Import of a file: previewed, confirmed once, written line by line by a worker, then erased."""

import hashlib
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assembly.identity.models import User
from assembly.imports.models import BatchState, ImportBatch
from assembly.imports.plan import CREATE, SAME, UPDATE, kinds
from assembly.imports.tables import read_table
from assembly.imports.workflow import IMPORT_BATCH, PREVIEW_LIFETIME, enqueue
from assembly.institution.models import Term
from assembly.workflow import StateConflict, lock

STILL_AFTER = timedelta(minutes=1)
LATE = "late"
COUNTED = (CREATE, UPDATE, SAME, LATE)


def preview(term: Term, content: bytes, file_name: str, *, by: User, kind: str) -> ImportBatch:
    """Read the file and save the plan of each line. Raise `UnreadableFile` when nothing of it can be read."""
    import_kind = kinds[kind]
    if not import_kind.may_import(by, term):
        raise PermissionDenied
    import_plan = import_kind.plan(read_table(content, import_kind.most_rows), term)
    return ImportBatch.objects.create(
        term=term,
        kind=kind,
        file_name=file_name[:120],
        digest=hashlib.sha256(content).hexdigest(),
        rows=import_plan.rows if not import_plan.stops else [],
        errors=import_plan.errors,
        counters=import_plan.counters() | {"notes": import_plan.notes[:20], "stops": import_plan.stops},
        created_by=by,
        expires_at=timezone.now() + PREVIEW_LIFETIME,
    )


def start(batch: ImportBatch, *, by: User, state: str = "", on: date | None = None) -> None:
    """Confirm a preview: from the commit on a worker writes its lines."""
    IMPORT_BATCH.transition(
        batch,
        "confirm",
        by=by,
        started_by=by,
        mandate_state=state,
        mandates_on=on,
        total=len(batch.rows),
        counters=dict.fromkeys(COUNTED, 0) | {"refused": batch.counters["refused"]},
    )


def write_rows(batch: ImportBatch) -> None:
    """Write the remaining lines. Safe to run twice, even at once: a line and its counter are one transaction.

    An unexpected error stops the import, so that a person checks and resumes it, and fails the task.
    """
    while batch.state == BatchState.RUNNING and batch.done < batch.total:
        try:
            _write_next(batch)
        except Exception:
            with suppress(StateConflict):  # A person stopped it in between.
                IMPORT_BATCH.follow(batch, "stop")
            raise
    if batch.state == BatchState.RUNNING:
        finish(batch)


@transaction.atomic
def _write_next(batch: ImportBatch) -> None:
    """Write line number `done` unless another worker, or « Arrêter », came first."""
    # The lines of the file are not read again for each of them.
    fresh = ImportBatch.objects.select_for_update(no_key=True).defer("rows").get(pk=batch.pk)
    batch.state, batch.done, batch.counters, batch.errors = fresh.state, fresh.done, fresh.counters, fresh.errors
    if batch.state != BatchState.RUNNING or batch.done >= batch.total or batch.started_by is None:
        return
    row = batch.rows[batch.done]
    try:
        with transaction.atomic():
            kind = SAME if row["plan"] == SAME else kinds[batch.kind].write(row, batch, by=batch.started_by)
    except ValidationError as refused:
        kind = LATE
        message = " ".join(refused.messages)
        batch.errors = [*batch.errors, {"line": row["line"], "column": "", "value": "", "message": message}]
    batch.done += 1
    batch.counters = batch.counters | {kind: batch.counters[kind] + 1}
    batch.progressed_at = timezone.now()
    batch.save(update_fields=["done", "counters", "errors", "progressed_at"])


@transaction.atomic
def finish(batch: ImportBatch) -> dict[str, int]:
    """Close the import and erase its lines. Lines that were not written count as late."""
    lock(batch)
    if batch.state == BatchState.CONFIRMED:
        return dict(batch.counters)
    result = batch.counters | {LATE: batch.counters[LATE] + batch.total - batch.done}
    facts = {"file": batch.digest, **result}
    IMPORT_BATCH.follow(
        batch, "finish", by=batch.started_by, facts=facts, confirmed_at=timezone.now(), rows=[], counters=result
    )
    return dict(result)


def confirm(batch: ImportBatch, *, by: User, state: str = "", on: date | None = None) -> dict[str, int]:
    """Start an import and write all of it at once, for commands, which have no progress bar."""
    start(batch, by=by, state=state, on=on)
    write_rows(batch)
    batch.refresh_from_db(fields=["counters"])
    return dict(batch.counters)


def sweep() -> None:
    """Restart the imports that no worker moved for a minute."""
    still = timezone.now() - STILL_AFTER
    for batch in ImportBatch.objects.filter(state=BatchState.RUNNING, progressed_at__lt=still).defer("rows"):
        with transaction.atomic():
            enqueue(batch)


def expired(now: datetime) -> QuerySet[ImportBatch]:
    """Return previews that nobody confirmed in time, stopped imports not resumed, and finished ones with errors."""
    old = ImportBatch.objects.filter(expires_at__lte=now).select_related("term", "started_by")
    return old.filter(~Q(state=BatchState.CONFIRMED) | ~Q(errors=[]))


def erase_batch(batch: ImportBatch) -> None:
    """Delete the preview; of an import only the counters stay."""
    if batch.state == BatchState.PREVIEWED:
        batch.delete()
        return
    with transaction.atomic():
        finish(batch)
        ImportBatch.objects.filter(pk=batch.pk).update(errors=[])


def erase_expired_batches() -> int:
    """Erase previews and errors after two hours. Return the number of batches."""
    batches = list(expired(timezone.now()))
    for batch in batches:
        erase_batch(batch)
    return len(batches)
