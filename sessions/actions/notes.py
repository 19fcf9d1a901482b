"""Notes taken while people speak: saved as one types, each officer in a box of their own, nothing overwritten."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from sessions.models import AgendaItem, ItemNote
from sessions.rules import sittings as rules
from sessions.rules.notes import MAX_LENGTH, merged_notes, printable_lines


class Overtaken(ValidationError):
    """Another window of the same person saved first: `text` holds both, `revision` is the one to save over."""

    def __init__(self, note: ItemNote, text: str) -> None:
        self.text, self.revision = text, note.revision
        super().__init__(
            _("Ces notes ont changé dans une autre fenêtre. Les deux textes sont réunis : relisez, puis enregistrez.")
        )


@transaction.atomic
def take(item: AgendaItem, text: str, *, revision: int, by: User) -> ItemNote:
    """Keep what `by` noted about an item, if no other window of theirs saved since `revision`."""
    if not rules.can_take_notes(by, item.sitting) or item.is_internal:
        raise PermissionDenied
    words = printable_lines(text)
    if len(words) > MAX_LENGTH:
        raise ValidationError(_("Ces notes sont trop longues : 20 000 signes au plus par point."))
    now = timezone.now()
    note, is_new = ItemNote.objects.get_or_create(item=item, author=by, defaults={"updated_at": now})
    if words == note.text:
        return note
    kept = ItemNote.objects.filter(pk=note.pk, revision=revision)
    if not kept.update(text=words, revision=revision + 1, updated_at=now):
        note.refresh_from_db()
        raise Overtaken(note, merged_notes(note.text, words))
    note.text, note.revision, note.updated_at = words, revision + 1, now
    if is_new:
        record("notes.taken", item, by=by, dossier=item.sitting)
    return note
