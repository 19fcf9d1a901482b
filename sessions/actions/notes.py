"""Notes taken during a sitting: saved while typing, one text for each officer and item, nothing overwritten."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.web.versioned import Versioned
from sessions.models import AgendaItem, ItemNote
from sessions.rules.notes import MAX_LENGTH, printable_lines
from sessions.sittings import rules

NOTE = Versioned(version="revision", at="updated_at")


@transaction.atomic
def save_note(item: AgendaItem, text: str, *, revision: int, by: User) -> ItemNote:
    """Save the note of `by` about an item; raise EditConflict if they saved in another window since `revision`."""
    if not rules.can_take_notes(by, item.sitting) or item.is_internal:
        raise PermissionDenied
    cleaned = printable_lines(text)
    if len(cleaned) > MAX_LENGTH:
        raise ValidationError(_("Ces notes sont trop longues : 20 000 signes au plus par point."))
    now = timezone.now()
    note, is_new = ItemNote.objects.get_or_create(item=item, author=by, defaults={"updated_at": now})
    if cleaned == note.text:
        return note
    NOTE.save(note, {"text": cleaned, "updated_at": now}, version=revision)
    if is_new:
        record("notes.taken", item, by=by, dossier=item.sitting)
    return note
