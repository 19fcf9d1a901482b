"""Import of a file: previewed, confirmed once, written line by line by a worker, then erased."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from assembly.identity.models import User
from assembly.imports.columns import SheetColumns, guess_columns, table_of
from assembly.imports.models import BatchState, HeaderChoice, ImportBatch, ImportSource
from assembly.imports.plan import CREATE, SAME, UPDATE, kinds
from assembly.imports.tables import SourceSheet, read_sheets
from assembly.imports.workflow import IMPORT_BATCH, PREVIEW_LIFETIME, enqueue
from assembly.institution.models import Term
from assembly.workflow import StateConflict, lock

STILL_AFTER = timedelta(minutes=1)
LATE = "late"
COUNTED = (CREATE, UPDATE, SAME, LATE)


def preview(term: Term, content: bytes, file_name: str, *, by: User, kind: str) -> ImportBatch:
    """Read the file, guess its columns and save the plan of each line.

    Raise `UnreadableFile` when nothing of it can be read.
    """
    import_kind = kinds[kind]
    if not import_kind.may_import(by, term):
        raise PermissionDenied
    sheets, notes = read_sheets(content, import_kind.most_rows)
    columns = import_kind.columns(term)
    remembered = remembered_headers(term, kind)
    guesses = [guess_columns(sheet, columns, remembered) for sheet in sheets]
    best = max(range(len(guesses)), key=lambda place: (sum(one.match for one in guesses[place].columns), -place))
    source = ImportSource(
        sheets=[sheet.to_json() for sheet in sheets],
        sheet=best,
        header=guesses[best].header_line,
        notes=notes,
        columns=guesses[best].chosen(),
        are_columns_known=len(sheets) == 1 and guesses[best].is_sure(columns),
    )
    with transaction.atomic():
        source.batch = ImportBatch.objects.create(
            term=term,
            kind=kind,
            file_name=file_name[:120],
            digest=hashlib.sha256(content).hexdigest(),
            created_by=by,
            expires_at=timezone.now() + PREVIEW_LIFETIME,
            **plan_fields(source, guesses[best], term, kind),
        )
        source.save()
    return source.batch


def remembered_headers(term: Term, kind: str) -> dict[str, str]:
    rows = HeaderChoice.objects.filter(assembly=term.assembly_id, kind=kind)
    return dict(rows.values_list("header", "key"))


def plan_fields(source: ImportSource, columns: SheetColumns, term: Term, kind: str) -> dict[str, Any]:
    """Return the columns of a batch that hold the plan of its lines."""
    table = table_of(columns, kinds[kind].most_rows)
    table.notes = [*source.notes, *table.notes]
    table.corrections = {int(line): texts for line, texts in source.corrections.items()}
    plan = kinds[kind].plan(table, term)
    return {
        "rows": plan.rows if not plan.stops else [],
        "errors": plan.errors,
        "counters": plan.counters() | {"notes": plan.notes[:20], "stops": plan.stops},
    }


def sheet_columns(batch: ImportBatch, place: int | None = None) -> SheetColumns:
    """Return the columns of a sheet: as chosen for the one that is read, as guessed for another."""
    source = batch.source
    place = source.sheet if place is None else place
    sheet = SourceSheet.from_json(source.sheets[place])
    known = kinds[batch.kind].columns(batch.term)
    line = source.header if place == source.sheet else None
    columns = guess_columns(sheet, known, remembered_headers(batch.term, batch.kind), line)
    if place == source.sheet:
        for column in columns.columns:
            column.key = source.columns.get(str(column.index), "")
    return columns


def file_texts(batch: ImportBatch) -> dict[tuple[int, str], str]:
    """Return the texts of the wrong lines by line and field: of the file, or as they were typed since."""
    layout, wrong = sheet_columns(batch), {error["line"] for error in batch.errors}
    places = layout.chosen()
    texts = {
        (line, places[index]): text
        for line, cells in layout.sheet.rows
        for index, text in enumerate(cells)
        if line in wrong and index in places
    }
    typed = batch.source.corrections.items()
    return texts | {(int(line), key): text for line, cells in typed for key, text in cells.items()}


def wrong_lines(batch: ImportBatch) -> tuple[list[str], dict[int, list[str]]]:
    """Return the header of the file and the cells of the lines that are left out; nothing once they are erased."""
    if not ImportSource.objects.filter(batch=batch).exists():
        return [], {}
    layout, wrong = sheet_columns(batch), {error["line"] for error in batch.errors}
    lines = dict(layout.sheet.rows)
    return lines[layout.header_line], {line: lines[line] for line in wrong if line in lines}


@transaction.atomic
def choose_columns(batch: ImportBatch, *, by: User, sheet: int, columns: Mapping[int, str]) -> None:
    """Plan the lines of a sheet anew with the fields of its columns, and remember them for this list."""
    source = _source_for_change(batch, by)
    batch.source = source
    source.header = sheet_columns(batch, sheet).header_line
    source.sheet, source.columns, source.corrections = sheet, {str(at): key for at, key in columns.items()}, {}
    source.are_columns_known = True
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
    _save_plan(batch, layout)


@transaction.atomic
def correct_lines(batch: ImportBatch, *, by: User, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Plan the lines anew with the texts typed instead of wrong cells, by line and field."""
    source = _source_for_change(batch, by)
    for line, cells in texts.items():
        source.corrections[line] = source.corrections.get(line, {}) | cells
    batch.source = source
    _save_plan(batch, sheet_columns(batch))


def _source_for_change(batch: ImportBatch, by: User) -> ImportSource:
    """Lock a preview and return its source; raise StateConflict once it is confirmed."""
    lock(batch)
    if not kinds[batch.kind].may_import(by, batch.term):
        raise PermissionDenied
    source = ImportSource.objects.filter(batch=batch).first()
    if batch.state != BatchState.PREVIEWED or source is None:
        raise StateConflict(batch, "confirm")
    return source


def _save_plan(batch: ImportBatch, columns: SheetColumns) -> None:
    for name, value in plan_fields(batch.source, columns, batch.term, batch.kind).items():
        setattr(batch, name, value)
    batch.expires_at = timezone.now() + PREVIEW_LIFETIME
    batch.save(update_fields=["rows", "errors", "counters", "expires_at"])
    batch.source.save()


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
    _keep_wrong_lines(batch)
    IMPORT_BATCH.follow(
        batch, "finish", by=batch.started_by, facts=facts, confirmed_at=timezone.now(), rows=[], counters=result
    )
    return dict(result)


def _keep_wrong_lines(batch: ImportBatch) -> None:
    """Erase what the file holds but the header and the lines that were not written."""
    source = ImportSource.objects.filter(batch=batch).first()
    if source is None:
        return
    if not batch.errors:
        source.delete()
        return
    layout = sheet_columns(batch)
    wrong = {layout.header_line, *(error["line"] for error in batch.errors)}
    layout.sheet.rows = [row for row in layout.sheet.rows if row[0] in wrong]
    source.sheets, source.sheet, source.corrections = [layout.sheet.to_json()], 0, {}
    source.save()


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
        ImportSource.objects.filter(batch=batch).delete()


def erase_expired_batches() -> int:
    """Erase previews and errors after two hours. Return the number of batches."""
    batches = list(expired(timezone.now()))
    for batch in batches:
        erase_batch(batch)
    return len(batches)
