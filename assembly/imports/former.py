"""Lines that the image before keeps in two columns of a batch: the next version drops them, with their view."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from assembly.imports.models import ImportBatch, ImportLine


def former_lines(rows: Sequence[Mapping[str, Any]], errors: Sequence[Mapping[str, Any]], done: int) -> Iterator[Any]:
    """Yield the columns of each line, from what was planned and what is wrong; the first `done` are written."""
    problems: dict[int, list[dict[str, Any]]] = {}
    for error in errors:
        problems.setdefault(error["line"], []).append({name: error[name] for name in error if name != "line"})
    for place, row in enumerate(rows):
        if row["line"] not in problems:
            plan = row.get("plan", "create")
            yield {"line": row["line"], "plan": plan, "entry": row, "outcome": plan if place < done else ""}
    for line, wrong in problems.items():
        yield {"line": line, "plan": "refused", "problems": wrong}


@transaction.atomic
def take_over(batch: ImportBatch) -> None:
    """Give the lines of a batch of the image before rows of their own."""
    if not (batch.former_rows or batch.former_errors):
        return
    fresh = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    made = former_lines(fresh.former_rows, fresh.former_errors, fresh.done)
    ImportLine.objects.bulk_create([ImportLine(batch=fresh, **columns) for columns in made], ignore_conflicts=True)
    ImportBatch.objects.filter(pk=batch.pk).update(former_rows=[], former_errors=[])
    batch.former_rows = batch.former_errors = []
