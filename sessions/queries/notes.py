"""Notes of a sitting: the reader's own to edit, everybody's next to the summary."""

from dataclasses import dataclass

from assembly.identity.models import User
from sessions.agenda.queries import items_of
from sessions.models import AgendaItem, ItemNote, Sitting


@dataclass(frozen=True)
class ItemWithNotes:
    """An item with the reader's own note and those of others."""

    item: AgendaItem
    mine: ItemNote | None
    others: list[ItemNote]


def items_with_notes(sitting: Sitting, reader: User) -> list[ItemWithNotes]:
    """Return the items of the minutes with their notes, in two statements."""
    notes: dict[int, list[ItemNote]] = {}
    rows = ItemNote.objects.filter(item__sitting=sitting).select_related("author__person").order_by("pk")
    for note in rows:
        notes.setdefault(note.item_id, []).append(note)
    return [
        ItemWithNotes(
            item,
            mine=next((note for note in notes.get(item.pk, []) if note.author_id == reader.pk), None),
            others=[note for note in notes.get(item.pk, []) if note.author_id != reader.pk and note.text],
        )
        for item in items_of(sitting, internal=False)
    ]
