"""Word files for a text: shown first, written only when somebody has seen what is retained and what is lost."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.collab import rules
from assembly.collab.actions import texts
from assembly.collab.document import plain_text, writing
from assembly.collab.models import SharedText
from assembly.collab.queries.texts import tree_of
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from opinions.enums import ImportState
from opinions.exchange.incoming import read_docx
from opinions.models import TextImport

RETENTION = timedelta(days=1)
S = ImportState


@transaction.atomic
def preview(text: SharedText, file: CheckedFile, *, by: User) -> TextImport:
    """Read a file for a text in which this person may write; raise ValidationError with the message to show."""
    if not rules.can_write(by, text):
        raise PermissionDenied
    document = read_docx(file.content)
    row = TextImport.objects.create(
        text=text,
        file_name=file.full_name[-200:],
        digest=hashlib.sha256(file.content).hexdigest(),
        tree=document.tree,
        counts=dict(document.counts),
        lost=list(document.lost),
        created_by=by,
    )
    record("text.import_shown", text, by=by, sha256=row.digest, left_out=len(document.lost))
    return row


@transaction.atomic
def write(row: TextImport, *, by: User) -> None:
    """Add what was read at the end of the text, in the name of the person who confirms; a second click is refused."""
    text_import = _lock_shown(row, by)
    if not rules.can_write(by, text_import.text):
        raise PermissionDenied
    tree: dict[str, Any] = text_import.tree or {}
    is_empty = not plain_text.to_text(tree_of(text_import.text)).strip()
    texts.edit(
        text_import.text, lambda doc: (writing.replace_all if is_empty else writing.append_blocks)(doc, tree), by=by
    )
    _end(text_import, S.WRITTEN)
    record(
        "text.import_written",
        text_import.text,
        by=by,
        sha256=text_import.digest,
        words=text_import.counts.get("words", 0),
    )


@transaction.atomic
def discard(row: TextImport, *, by: User) -> None:
    """Leave the file out: nothing was written, and nothing of it is stored."""
    text_import = _lock_shown(row, by)
    _end(text_import, S.LEFT)
    record("text.import_left", text_import.text, by=by, sha256=text_import.digest)


def _lock_shown(row: TextImport, by: User) -> TextImport:
    """Return the locked row while it is shown; raise PermissionDenied unless this person brought the file."""
    text_import = TextImport.objects.select_for_update(of=("self",), no_key=True).select_related("text").get(pk=row.pk)
    if text_import.created_by_id != by.pk:
        raise PermissionDenied
    if text_import.state != S.SHOWN:
        raise ValidationError(_("Ce fichier a déjà été repris ou laissé de côté."), code="ended")
    return text_import


def _end(row: TextImport, state: ImportState) -> None:
    TextImport.objects.filter(pk=row.pk).update(state=state, tree=None, ended_at=timezone.now())


def empty_old_imports(now: datetime) -> int:
    """Empty the imports that nobody confirmed within a day, and return how many."""
    old = TextImport.objects.filter(state=S.SHOWN, created_at__lt=now - RETENTION)
    return old.update(state=S.LEFT, tree=None, ended_at=now)
