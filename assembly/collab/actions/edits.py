"""Edits that the server makes in a text, in the name of a user."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from pycrdt import Doc

from assembly.collab import rules
from assembly.collab.document import reading, schema
from assembly.collab.engine import change_signal
from assembly.collab.engine.copy import load
from assembly.collab.enums import TextRight, TextState, UpdateKind
from assembly.collab.models import SharedText, Update
from assembly.identity.models import User
from assembly.workflow import StateConflict


@transaction.atomic
def edit(text: SharedText, change: Callable[[Doc[Any]], None], *, by: User, needs: TextRight = TextRight.WRITE) -> int:
    """Edit the text on the server as `by`, who must hold `needs`; return the number of its last row.

    The result must be valid in the schema. Open screens receive the edit like any other. Raises PermissionDenied
    without the right in an open text, StateConflict in one that is no longer open.
    """
    locked = lock_text(text)
    if rules.right(by, locked) < needs:
        if locked.state == TextState.OPEN:
            raise PermissionDenied
        raise StateConflict(locked, "edit")
    copy = load(text.pk)
    vector = copy.doc.get_state()
    before = copy.doc.get_update(vector)
    change(copy.doc)
    schema.check(reading.tree(copy.doc))
    data = copy.doc.get_update(vector)
    if data != before:
        SharedText.objects.filter(pk=text.pk).update(last_seq=locked.last_seq + 1)
        text.last_seq = locked.last_seq + 1
        Update.objects.create(text=locked, seq=text.last_seq, data=data, author=by, kind=UpdateKind.SERVER)
        change_signal.notify_on_commit(text.pk)
    return text.last_seq


def lock_text(text: SharedText) -> SharedText:
    """Return the row as it is now, locked: no update is numbered before this transaction ends."""
    return SharedText.objects.select_for_update(of=("self",), no_key=True).get(pk=text.pk)
