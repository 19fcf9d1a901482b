"""Import of a file: previewed, confirmed once, written line by line by a worker, then erased."""

import hashlib
import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assembly.identity.models import User
from assembly.imports.former import take_over
from assembly.imports.models import ENDED, BatchState, HeaderChoice, ImportBatch, ImportLine, ImportSource
from assembly.imports.plan import CREATE, REFUSED, SAME, UPDATE, kinds
from assembly.imports.planning import begin_plan, fill_source, is_short, plan_in_worker, sheet_columns
from assembly.imports.tables import read_sheets
from assembly.imports.undo import undo_in_worker
from assembly.imports.workflow import IMPORT_BATCH, PREVIEW_LIFETIME, UNDO_FOR, can_be_undone, enqueue, without_reasons
from assembly.institution.actions.assemblies import lock_assembly
from assembly.institution.models import Term
from assembly.workflow import StateConflict, lock

STILL_AFTER = timedelta(minutes=1)
UNREAD_AFTER = timedelta(minutes=5)  # a workbook that nearly takes all the time it may is not begun again
PART_SECONDS = 0.5  # of one transaction: no other save waits longer for its locks
MOST_AT_ONCE = 100
LATE = "late"
COUNTED = (CREATE, UPDATE, SAME, LATE)


def preview(term: Term, content: bytes, file_name: str, *, by: User, kind: str) -> ImportBatch:
    """Read the file, guess its columns and plan its lines; of a long one a worker does that after the commit.

    Raise `UnreadableFile` when nothing of it can be read.
    """
    import_kind = kinds[kind]
    if not import_kind.may_import(by, term):
        raise PermissionDenied
    source = ImportSource(content=content)
    if is_short(content):
        fill_source(source, term, kind, read_sheets(content, import_kind.most_rows))
    with transaction.atomic():
        source.batch = ImportBatch.objects.create(
            term=term,
            kind=kind,
            file_name=file_name[:120],
            digest=hashlib.sha256(content).hexdigest(),
            state=BatchState.READING,
            created_by=by,
            progressed_at=timezone.now(),
            expires_at=timezone.now() + PREVIEW_LIFETIME,
        )
        source.save()
        begin_plan(source.batch)
    return source.batch


def file_texts(batch: ImportBatch, wrong: Iterable[ImportLine]) -> dict[tuple[int, str], str]:
    """Return the texts of wrong lines by line and field: of the file, or as they were typed since."""
    source = ImportSource.objects.defer("sheets", "content").get(batch=batch)
    texts: dict[tuple[int, str], str] = {}
    for each in wrong:
        texts |= {
            (each.line, source.columns[str(index)]): text
            for index, text in enumerate(each.cells)
            if str(index) in source.columns
        }
        texts |= {(each.line, key): text for key, text in source.corrections.get(str(each.line), {}).items()}
    return texts


def file_titles(batch: ImportBatch) -> list[str]:
    """Return the header of the file; nothing once it is erased."""
    return list(ImportSource.objects.filter(batch=batch).values_list("titles", flat=True).first() or [])


@transaction.atomic
def choose_columns(
    batch: ImportBatch,
    *,
    by: User,
    sheet: int,
    columns: Mapping[int, str],
    header: int = 0,
    for_all: Mapping[str, str] | None = None,
) -> None:
    """Plan the lines of a sheet anew with the fields of its columns, and remember them for this list.

    `header`: the line of its header, where somebody chose another than the one that is found. `for_all`: texts of the
    cells that a line lacks, by field.
    """
    source = _source_for_change(batch, by)
    source.header = sheet_columns(batch, sheet, header).header_line
    source.sheet, source.columns, source.corrections = sheet, {str(at): key for at, key in columns.items()}, {}
    source.are_columns_known, source.for_all = True, {**(for_all or {})}
    source.save()
    layout = sheet_columns(batch)
    HeaderChoice.objects.bulk_create(
        [
            HeaderChoice(assembly_id=batch.term.assembly_id, kind=batch.kind, header=header, key=key)
            for header, key in {one.header_key: one.key for one in layout.columns if one.header_key}.items()
        ],
        update_conflicts=True,
        unique_fields=["assembly", "kind", "header"],
        update_fields=["key"],
    )
    _plan_again(batch, by)


@transaction.atomic
def correct_lines(batch: ImportBatch, *, by: User, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Plan the lines anew with the texts typed instead of wrong cells, by line and field."""
    source = _source_for_change(batch, by)
    for line, cells in texts.items():
        source.corrections[line] = source.corrections.get(line, {}) | cells
    source.save()
    _plan_again(batch, by)


def _source_for_change(batch: ImportBatch, by: User) -> ImportSource:
    """Lock a preview and return its source; raise StateConflict once it is confirmed."""
    lock(batch)
    if not kinds[batch.kind].may_import(by, batch.term):
        raise PermissionDenied
    source = ImportSource.objects.filter(batch=batch).first()
    if batch.state != BatchState.PREVIEWED or source is None:
        raise StateConflict(batch, "confirm")
    batch.source = source
    return source


def _plan_again(batch: ImportBatch, by: User) -> None:
    IMPORT_BATCH.transition(batch, "read", by=by)
    begin_plan(batch)


def start(batch: ImportBatch, *, by: User, state: str = "", on: date | None = None) -> None:
    """Confirm a preview: from the commit on a worker writes its lines."""
    IMPORT_BATCH.transition(
        batch,
        "confirm",
        by=by,
        started_by=by,
        mandate_state=state,
        mandates_on=on,
        total=batch.planned.count(),
        counters=dict.fromkeys(COUNTED, 0) | {"refused": batch.counters["refused"]},
    )


def continue_import(batch: ImportBatch) -> None:
    """Do what a worker has to do for an import: read, write or undo it."""
    take_over(batch)
    if batch.state == BatchState.READING:
        plan_in_worker(batch)
    elif batch.state == BatchState.UNDOING:
        undo_in_worker(batch)
    else:
        write_rows(batch)


def write_rows(batch: ImportBatch, seconds: float = PART_SECONDS) -> None:
    """Write the remaining lines. Safe to run twice, even at once: lines and their counters are one transaction.

    `seconds`: of one transaction. An unexpected error stops the import, so that a person checks and resumes it, and
    fails the task.
    """
    while batch.state == BatchState.RUNNING and batch.done < batch.total:
        if failure := _write_next(batch, seconds):
            with suppress(StateConflict):  # A person stopped it in between.
                IMPORT_BATCH.follow(batch, "stop")
            raise failure
    if batch.state == BatchState.RUNNING:
        finish(batch)


@transaction.atomic
def _write_next(batch: ImportBatch, seconds: float = 0) -> Exception | None:
    """Write the next lines for so many seconds, unless another worker, or « Arrêter », came first.

    Return the unexpected error of the line at which it ended: the lines before it stay written.
    """
    fresh = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    batch.state, batch.done, batch.counters = fresh.state, fresh.done, fresh.counters
    if batch.state != BatchState.RUNNING or batch.done >= batch.total or fresh.started_by is None:
        return None
    lock_assembly(batch.term.assembly_id)  # what the kinds look up for many lines stays so until these are written
    batch.memo.clear()
    failure: Exception | None = None
    written: list[ImportLine] = []
    counts: Counter[str] = Counter(batch.counters)
    deadline = time.monotonic() + seconds
    for line in batch.planned.filter(outcome="")[:MOST_AT_ONCE]:
        try:
            with transaction.atomic():
                _write_line(line, batch, fresh.started_by)
        except Exception as broken:  # raised once what was written is saved
            failure = broken
            break
        written.append(line)
        counts[line.outcome] += 1
        if time.monotonic() >= deadline:
            break
    ImportLine.objects.bulk_update(written, ["plan", "problems", "outcome", "written"])
    batch.done += len(written)
    batch.counters, batch.progressed_at = dict(counts), timezone.now()
    batch.save(update_fields=["done", "counters", "progressed_at"])
    return failure


def _write_line(line: ImportLine, batch: ImportBatch, by: User) -> None:
    """Write a line as planned; one that its action refuses is left out, with the reason."""
    try:
        with transaction.atomic():
            is_same = line.plan == SAME
            line.outcome = SAME if is_same else kinds[batch.kind].write(line.entry, batch, by=by)
            line.written = line.entry.get("written", {})
    except ValidationError as refused:
        line.plan, line.outcome, line.written = REFUSED, LATE, {}
        line.problems = [{"column": "", "value": "", "message": " ".join(refused.messages)}]


@transaction.atomic
def finish(batch: ImportBatch) -> dict[str, int]:
    """Close the import and erase its lines. Lines that were not written count as late."""
    lock(batch)
    if batch.state in ENDED:
        return dict(batch.counters)
    result = batch.counters | {LATE: batch.counters[LATE] + batch.total - batch.done}
    facts = {"file": batch.digest, **result}
    _keep_wrong_lines(batch)
    erased: dict[str, Any] = {"former_rows": [], "former_errors": []}
    IMPORT_BATCH.follow(
        batch, "finish", by=batch.started_by, facts=facts, confirmed_at=timezone.now(), counters=result, **erased
    )
    return dict(result)


def _keep_wrong_lines(batch: ImportBatch) -> None:
    """Erase what the file holds but its header, the lines that were not written, and what an undo needs."""
    batch.lines.exclude(plan=REFUSED).filter(written={}).delete()
    batch.lines.exclude(plan=REFUSED).update(entry={}, cells=[])
    batch.refused.update(entry={})
    source = ImportSource.objects.filter(batch=batch)
    if batch.refused.exists():
        source.update(content=None, sheets=[], corrections={})
    else:
        source.delete()


def confirm(batch: ImportBatch, *, by: User, state: str = "", on: date | None = None) -> dict[str, int]:
    """Start an import and write all of it, for commands, which have no progress bar.

    No clock divides the lines: a slow machine writes the same rows as a fast one.
    """
    start(batch, by=by, state=state, on=on)
    write_rows(batch, math.inf)
    batch.refresh_from_db(fields=["counters"])
    return dict(batch.counters)


def sweep() -> None:
    """Restart the imports that no worker moved for a while."""
    now = timezone.now()
    still = Q(state__in=(BatchState.RUNNING, BatchState.UNDOING), progressed_at__lt=now - STILL_AFTER)
    unread = Q(state=BatchState.READING, progressed_at__lt=now - UNREAD_AFTER)
    for batch in ImportBatch.objects.filter(still | unread):
        with transaction.atomic():
            enqueue(batch)


def expired(now: datetime) -> QuerySet[ImportBatch]:
    """Return previews that nobody confirmed in time, stopped imports not resumed, and finished ones with lines left:
    wrong ones, or those that are no longer undone."""
    lines = ImportLine.objects.filter(batch=OuterRef("pk"))
    wrong, written = Exists(lines.filter(plan=REFUSED)), Exists(lines.exclude(plan=REFUSED))
    is_late = Q(confirmed_at__lte=now - UNDO_FOR)
    old = ImportBatch.objects.filter(expires_at__lte=now).exclude(state=BatchState.UNDOING)
    ended = Q(state__in=ENDED) & (wrong | (written & is_late))
    return old.filter(~Q(state__in=ENDED) | ended).select_related("term", "started_by")


def erase_batch(batch: ImportBatch) -> None:
    """Delete the preview; of an import only the counters stay."""
    if batch.state in (BatchState.READING, BatchState.PREVIEWED):
        batch.delete()
        return
    with transaction.atomic():
        finish(batch)
        for_undo = batch.lines.exclude(plan=REFUSED) if can_be_undone(batch) else batch.lines.none()
        batch.lines.exclude(pk__in=for_undo).delete()
        ImportSource.objects.filter(batch=batch).delete()
        ImportBatch.objects.filter(pk=batch.pk).update(counters=without_reasons(batch))


def erase_expired_batches() -> int:
    """Erase previews and errors after two hours. Return the number of batches."""
    batches = list(expired(timezone.now()))
    for batch in batches:
        erase_batch(batch)
    return len(batches)
