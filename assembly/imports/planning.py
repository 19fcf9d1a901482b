"""Plan of the lines of a file: within the request where it is short, else by a worker, part by part, with progress."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.imports.columns import SheetColumns, guess_columns, table_of
from assembly.imports.models import BatchState, HeaderChoice, ImportBatch, ImportLine, ImportSource
from assembly.imports.plan import CREATE, PART, REFUSED, SAME, UPDATE, PlannedLine, kinds
from assembly.imports.tables import Sheets, SourceSheet, UnreadableFile, read_sheets
from assembly.imports.workflow import IMPORT_BATCH, enqueue
from assembly.institution.models import Term

SHORT_WORKBOOK, SHORT_TEXT = 48 * 1024, 192 * 1024  # bytes of a file that a request reads
SHORT = 300  # lines that a request plans
MOST_NOTES = 20


def is_short(content: bytes) -> bool:
    """Return whether a request may read this file: that takes less than a second."""
    return len(content) <= (SHORT_WORKBOOK if content.startswith(b"PK") else SHORT_TEXT)


def remembered_headers(term: Term, kind: str) -> dict[str, str]:
    rows = HeaderChoice.objects.filter(assembly=term.assembly_id, kind=kind)
    return dict(rows.values_list("header", "key"))


def fill_source(source: ImportSource, term: Term, kind: str, read: Sheets) -> None:
    """Keep the sheets of a file, the one that fits best and the guess of its columns."""
    sheets, notes = read
    columns, remembered = kinds[kind].columns(term), remembered_headers(term, kind)
    guesses = [guess_columns(sheet, columns, remembered) for sheet in sheets]
    best = max(range(len(guesses)), key=lambda place: (sum(one.match for one in guesses[place].columns), -place))
    source.content, source.sheets, source.sheet = None, [sheet.to_json() for sheet in sheets], best
    source.header, source.notes, source.columns = guesses[best].header_line, notes, guesses[best].chosen()
    source.are_columns_known = len(sheets) == 1 and guesses[best].is_sure(columns)


def sheet_columns(batch: ImportBatch, place: int | None = None, header: int = 0) -> SheetColumns:
    """Return the columns of a sheet: as chosen for the header that is read, as guessed for another sheet or header."""
    source = batch.source
    place = source.sheet if place is None else place
    sheet = SourceSheet.from_json(source.sheets[place])
    known = kinds[batch.kind].columns(batch.term)
    line = header or (source.header if place == source.sheet else None)
    columns = guess_columns(sheet, known, remembered_headers(batch.term, batch.kind), line)
    if (place, columns.header_line) == (source.sheet, source.header):
        for column in columns.columns:
            column.key = source.columns.get(str(column.index), "")
    return columns


def begin_plan(batch: ImportBatch) -> None:
    """Plan the lines of a batch that is being read: now where they are few, else by a worker after the commit."""
    source = batch.source
    if source.content is None and len(source.sheets[source.sheet]["rows"]) <= SHORT:
        plan_lines(batch)
    else:
        enqueue(batch)


def plan_in_worker(batch: ImportBatch) -> None:
    """Read and plan a file, or say on its page why it cannot be read. Safe to run twice: the last one goes on."""
    try:
        plan_lines(batch)
    except UnreadableFile as refused:
        end_plan(batch, {}, stops=refused.messages)
    except Exception:
        end_plan(batch, {}, stops=[_("Ce fichier n’a pas pu être lu jusqu’au bout. Rien n’est écrit.")])
        raise


def plan_lines(batch: ImportBatch) -> None:
    """Plan every line anew and show the preview; without sure columns a long file waits for them.

    Raise `UnreadableFile` with the reason why nothing of it can be read.
    """
    if not restart_plan(batch):
        return
    source, kind = batch.source, kinds[batch.kind]
    if source.content is not None:
        fill_source(source, batch.term, batch.kind, read_sheets(bytes(source.content), kind.most_rows))
        if not save_source(batch):
            return
        if not source.are_columns_known and len(source.sheets[source.sheet]["rows"]) > SHORT:
            end_plan(batch, {})
            return
    table = table_of(sheet_columns(batch), kind.most_rows)
    table.notes = [*source.notes, *table.notes]
    table.corrections = {int(line): texts for line, texts in source.corrections.items()}
    table.for_all = source.for_all
    source.titles, total = table.header, len(table.rows) + len(table.left_out)
    plan = kind.plan(table, batch.term)
    counts: Counter[str] = Counter()
    for part in batched(plan.lines(), PART):
        counts.update(line.plan for line in part)
        if not store_part(batch, part, total):
            return
    end_plan(batch, counts, notes=plan.notes[:MOST_NOTES], stops=plan.stops)


def locked_batch(batch: ImportBatch) -> ImportBatch | None:
    """Lock a batch and return it; None once it is erased, shown, or planned by another worker."""
    rows = ImportBatch.objects.select_for_update(of=("self",), no_key=True)
    mine = {"pk": batch.pk, "state": BatchState.READING, "source__attempt": batch.source.attempt}
    return rows.filter(**mine).first()


@transaction.atomic
def restart_plan(batch: ImportBatch) -> bool:
    """Take a file over from whoever reads it; return whether it is still to be read."""
    rows = ImportBatch.objects.select_for_update(of=("self",), no_key=True)
    if not rows.filter(pk=batch.pk, state=BatchState.READING).exists():
        return False
    batch.source = ImportSource.objects.get(batch=batch)
    batch.source.attempt += 1
    batch.source.save(update_fields=["attempt"])
    batch.lines.all().delete()
    ImportBatch.objects.filter(pk=batch.pk).update(done=0, total=0, progressed_at=timezone.now())
    return True


@transaction.atomic
def save_source(batch: ImportBatch) -> bool:
    if locked_batch(batch) is None:
        return False
    batch.source.save()
    return True


@transaction.atomic
def store_part(batch: ImportBatch, part: tuple[PlannedLine, ...], total: int) -> bool:
    """Save the plan of some lines and the progress; return whether the next ones are to be planned."""
    fresh = locked_batch(batch)
    if fresh is None:
        return False
    ImportLine.objects.bulk_create(
        ImportLine(
            batch=batch,
            line=each.line,
            plan=each.plan,
            entry=each.entry or {},
            cells=[*each.cells],
            problems=each.problems,
        )
        for each in part
    )
    fresh.done, fresh.total, fresh.progressed_at = fresh.done + len(part), total, timezone.now()
    fresh.save(update_fields=["done", "total", "progressed_at"])
    return True


@transaction.atomic
def end_plan(
    batch: ImportBatch, counts: Mapping[str, int], *, notes: Sequence[str] = (), stops: Sequence[str] = ()
) -> None:
    """Show the preview of a file that was read."""
    if locked_batch(batch) is None:
        return
    batch.source.save(update_fields=["titles"])
    counters: dict[str, Any] = {kind: counts.get(kind, 0) for kind in (CREATE, UPDATE, SAME, REFUSED)}
    IMPORT_BATCH.follow(batch, "show", counters=counters | {"notes": [*notes], "stops": [*stops]}, done=0, total=0)
