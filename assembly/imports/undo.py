"""Undoing of an import, as a whole or not at all, while nothing has used or changed what it wrote.

One transaction undoes every line, the last first, through the actions of its list; a line that cannot be undone takes
all of it back, and the page names the first of these. Until that is committed only the cache knows the progress.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.imports.models import BatchState, ImportBatch, ImportSource
from assembly.imports.plan import CREATE, PART, UPDATE, kinds
from assembly.imports.workflow import IMPORT_BATCH
from assembly.web.errors import EditConflict

MOST_NAMED = 20
STEP = 50  # lines between two marks of progress


class CannotUndo(Exception):
    """Some lines cannot be undone. `reasons`: a sentence for each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(reasons)
        self.reasons = reasons


def written_facts(row: Any, former: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what an undo needs of a row that was just written. `former`: the data of its form before."""
    return {"row": row.pk, "version": row.version, "former": former, "at": timezone.now().isoformat()}


def check_unused(row: models.Model, written: Mapping[str, Any], *, with_parts: bool) -> None:
    """Raise ValidationError if the journal has a line about the row since the import; with its parts, where asked."""
    label, key = row._meta.label, str(row.pk)
    about = Q(subject_type=label, subject_id=key)
    if with_parts:
        about |= Q(dossier_type=label, dossier_id=key)
    if Entry.objects.filter(about, at__gt=datetime.fromisoformat(written["at"])).exists():
        raise ValidationError(_("« %(name)s » a changé ou a servi depuis l’import.") % {"name": row})


def check_unreferenced(row: models.Model) -> None:
    """Raise ValidationError if any row of the database leads to this one."""
    for relation in row._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel):
            model: Any = relation.related_model
            if model._meta.auto_created is type(row):  # its own choices
                continue
            if model._base_manager.filter(**{relation.field.name: row}).exists():
                raise ValidationError(_("« %(name)s » sert déjà ailleurs.") % {"name": row})


def undo_in_worker(batch: ImportBatch) -> None:
    """Undo an import, or say why it stays. Safe to run twice, even at once."""
    try:
        undo_lines(batch)
    except CannotUndo as refused:
        keep_import(batch, refused.reasons)
    except Exception:
        keep_import(batch, [_("Une erreur inattendue a empêché l’annulation. Rien n’a changé : signalez-le.")])
        raise


@transaction.atomic
def undo_lines(batch: ImportBatch) -> None:
    """Undo every line in one transaction; raise `CannotUndo`. A batch that another worker undoes is left to it."""
    rows = ImportBatch.objects.select_for_update(no_key=True, skip_locked=True)
    if not rows.filter(pk=batch.pk, state=BatchState.UNDOING).exists():
        return
    kind, by = kinds[batch.kind], batch.started_by
    if by is None or kind.undo is None or not kind.may_import(by, batch.term):
        raise CannotUndo([_("Vous n’avez plus le droit d’importer dans cette liste.")])
    if reasons := refusals(batch, by):
        raise CannotUndo(reasons)
    facts = {name: batch.counters.get(name, 0) for name in (CREATE, UPDATE)}
    IMPORT_BATCH.follow(batch, "take_back", by=by, facts=facts)
    batch.lines.all().delete()
    ImportSource.objects.filter(batch=batch).delete()


def refusals(batch: ImportBatch, by: User) -> list[str]:
    """Undo line by line, the last first, and return why some could not be; the first ones are enough."""
    reasons: list[str] = []
    undo: Any = kinds[batch.kind].undo
    lines = batch.lines.filter(outcome__in=(CREATE, UPDATE)).order_by("-line")
    for done, line in enumerate(lines.iterator(PART)):
        try:
            with transaction.atomic():
                undo(line.written, batch, by=by)
        except ValidationError as refused:
            reasons += refused.messages
        except (EditConflict, PermissionDenied, ProtectedError):
            reasons.append(_("La fiche de la ligne %(line)s a changé, ou sert ailleurs.") % {"line": line.line})
        if len(reasons) >= MOST_NAMED:
            break
        if done % STEP == 0:
            mark_progress(batch, done)
    return reasons


def keep_import(batch: ImportBatch, reasons: list[str]) -> None:
    """Leave the import as it is, with the reasons on its page."""
    with transaction.atomic():
        IMPORT_BATCH.follow(batch, "keep", counters=batch.counters | {"kept": reasons})


def mark_progress(batch: ImportBatch, done: int) -> None:
    """Tell the page how far an undo is; its transaction is not committed yet."""
    cache.set(f"import-undo:{batch.pk}", done, 600)


def undo_progress(batch: ImportBatch) -> int:
    return int(cache.get(f"import-undo:{batch.pk}", 0))
