"""A Word file into a text: read and shown first, written only once somebody has seen what is kept and what is lost."""

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
from assembly.collab.document import words, writing
from assembly.collab.models import SharedText
from assembly.collab.queries.texts import tree_of
from assembly.identity.models import User
from assembly.ui.fields import CheckedFile
from opinions.enums import ImportState
from opinions.exchange.incoming import read_docx
from opinions.models import TextImport

KEPT_FOR = timedelta(days=1)
S = ImportState


@transaction.atomic
def show(text: SharedText, file: CheckedFile, *, by: User) -> TextImport:
    """Read a file for a text in which this person may write; raises ValidationError with the sentence to show."""
    if not rules.can_write(by, text):
        raise PermissionDenied
    found = read_docx(file.content)
    row = TextImport.objects.create(
        text=text,
        file_name=file.full_name[-200:],
        digest=hashlib.sha256(file.content).hexdigest(),
        tree=found.tree,
        kept=dict(found.kept),
        lost=list(found.lost),
        created_by=by,
    )
    record("text.import_shown", text, by=by, sha256=row.digest, left_out=len(found.lost))
    return row


@transaction.atomic
def write(row: TextImport, *, by: User) -> None:
    """Add what was read at the end of the text, in the name of whoever confirms; once, whoever clicks twice."""
    held = _held(row, by)
    if not rules.can_write(by, held.text):
        raise PermissionDenied
    tree: dict[str, Any] = held.tree or {}
    is_empty = not words.plain(tree_of(held.text)).strip()
    texts.edit(held.text, lambda doc: (writing.replace_all if is_empty else writing.append_blocks)(doc, tree), by=by)
    _end(held, S.WRITTEN)
    record("text.import_written", held.text, by=by, sha256=held.digest, words=held.kept.get("words", 0))


@transaction.atomic
def leave(row: TextImport, *, by: User) -> None:
    """Put the file aside: nothing was written, nothing of it is kept."""
    held = _held(row, by)
    _end(held, S.LEFT)
    record("text.import_left", held.text, by=by, sha256=held.digest)


def _held(row: TextImport, by: User) -> TextImport:
    """The row, for the person who brought the file, while it waits."""
    held = TextImport.objects.select_for_update(of=("self",), no_key=True).select_related("text").get(pk=row.pk)
    if held.created_by_id != by.pk:
        raise PermissionDenied
    if held.state != S.SHOWN:
        raise ValidationError(_("Ce fichier a déjà été repris ou laissé de côté."), code="ended")
    return held


def _end(row: TextImport, state: ImportState) -> None:
    TextImport.objects.filter(pk=row.pk).update(state=state, tree=None, ended_at=timezone.now())


def forget(now: datetime) -> int:
    """Empty what nobody confirmed within a day; gives how many."""
    old = TextImport.objects.filter(state=S.SHOWN, created_at__lt=now - KEPT_FOR)
    return old.update(state=S.LEFT, tree=None, ended_at=now)
