"""Service functions that write the agenda: items, their order, their documents."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.web.errors import EditConflict
from assembly.web.outline import PastedLine
from assembly.web.versioned import fingerprint_of
from assembly.workflow import StateConflict
from sessions.agenda import rules as agenda
from sessions.agenda.queries import items_of, shape_of
from sessions.models import AgendaDocument, AgendaItem, AgendaKind, Sitting
from sessions.signals import agenda_item_removed
from sessions.sittings import rules

FIELDS = frozenset(
    {
        "title",
        "kind",
        "minutes",
        "speaker",
        "speaker_person",
        "note",
        "is_internal",
        "topic_type",
        "topic_id",
    }
)


def item_fingerprint(item: AgendaItem) -> str:
    """Return a short fingerprint of the fields of an item that a form showed."""
    return fingerprint_of(item, FIELDS - {"speaker_person"} | {"removed_at"})


def lock_agenda(sitting: Sitting) -> None:
    """Lock the row of the sitting, so that one person at a time arranges its agenda."""
    Sitting.objects.select_for_update(no_key=True).only("pk").get(pk=sitting.pk)


def lock_for_edit(sitting: Sitting, by: User) -> None:
    """Lock the agenda, or raise PermissionDenied if the user may not change it now."""
    if not rules.can_edit_agenda(by, sitting):
        raise PermissionDenied
    lock_agenda(sitting)


def create_items(sitting: Sitting, lines: Iterable[Mapping[str, Any]], *, by: User) -> None:
    """Write the items of a template or of a copied agenda, with the one audit entry of the creation."""
    parent: AgendaItem | None = None
    for position, line in enumerate(lines, start=1):
        item = AgendaItem.objects.create(
            sitting=sitting,
            parent=parent if line.get("depth") else None,
            position=position,
            title=str(line["title"])[:240],
            kind=line.get("kind", AgendaKind.DISCUSSION),
            minutes=int(line.get("minutes", 15)),
            speaker=str(line.get("speaker", ""))[:160],
            is_internal=bool(line.get("is_internal", False)),
        )
        parent = item if not line.get("depth") else parent


@transaction.atomic
def add(
    sitting: Sitting,
    *,
    by: User,
    under: AgendaItem | None = None,
    after: int | None = None,
    depth: int = 0,
    **values: Any,
) -> AgendaItem:
    """Add an item: last under `under`, else below the line `after`, else before « Questions diverses »."""
    lock_for_edit(sitting, by)
    before = shape_of(sitting)
    item = AgendaItem.objects.create(sitting=sitting, position=0, parent=under, **values)
    if under is not None:
        lines = [line for line in shape_of(sitting) if line.pk != item.pk]
        index = next(position for position, line in enumerate(lines) if line.pk == under.pk)
        end = agenda.block(lines, index)
        write_order([*lines[:end], agenda.OrderedLine(item.pk, 1), *lines[end:]])
    else:
        insert(sitting, before, [agenda.OrderedLine(item.pk, depth)], after)
    record("agenda.item_added", item, by=by, dossier=sitting, kind=item.kind)
    return item


def insert(
    sitting: Sitting, before: Sequence[agenda.OrderedLine], lines: Sequence[agenda.OrderedLine], after: int | None
) -> None:
    """Insert new lines below the line `after`, or at its former position if it was removed meanwhile."""
    rows = AgendaItem.objects.filter(sitting=sitting)
    if after is None:
        closing = rows.filter(kind=AgendaKind.OTHER, parent=None).values_list("pk", flat=True)
        position: int | None = agenda.index_before(before, set(closing))
    else:
        position = agenda.index_below(before, after, lines[0].depth)
    if position is None:
        edge = rows.filter(pk=after or 0).values("position")[:1]
        earlier = rows.filter(position__lte=edge).values_list("pk", flat=True)
        position = agenda.index_after(before, set(earlier))
    write_order(agenda.tidied([*before[:position], *lines, *before[position:]]))


@transaction.atomic
def paste(
    sitting: Sitting, lines: Iterable[PastedLine], *, by: User, after: int | None = None, depth: int = 0
) -> list[AgendaItem]:
    """Add a list of items at once, all or none; below a sub-item, each one becomes a sub-item."""
    lock_for_edit(sitting, by)
    before = shape_of(sitting)
    new_lines = [
        agenda.OrderedLine(
            AgendaItem.objects.create(
                sitting=sitting,
                position=0,
                title=line.title,
                kind=agenda.kind_of(line.title),
                **({} if line.minutes is None else {"minutes": line.minutes}),
            ).pk,
            max(depth, line.depth),
        )
        for line in lines
    ]
    insert(sitting, before, new_lines, after)
    return record_added(sitting, [line.pk for line in new_lines], by=by)


def record_added(sitting: Sitting, keys: Sequence[int], *, by: User) -> list[AgendaItem]:
    """Write each new item to the audit log, and return those whose parent is not new too."""
    items = AgendaItem.objects.in_bulk(keys)
    for pk in keys:
        record("agenda.item_added", items[pk], by=by, dossier=sitting, kind=items[pk].kind)
    return [items[pk] for pk in keys if items[pk].parent_id not in items]


@transaction.atomic
def duplicate(item: AgendaItem, *, by: User) -> AgendaItem:
    """Copy an item below itself, with its sub-items, but without its topic and its documents."""
    sitting = item.sitting
    lock_for_edit(sitting, by)
    before = shape_of(sitting)
    names = [*sorted(FIELDS - {"speaker_person", "topic_type", "topic_id"}), "speaker_person_id"]
    rows = [item, *AgendaItem.objects.filter(parent=item, removed_at=None).order_by("position", "pk")]
    copies = [
        AgendaItem.objects.create(sitting=sitting, position=0, **{name: getattr(row, name) for name in names})
        for row in rows
    ]
    base = 1 if item.parent_id else 0
    lines = [agenda.OrderedLine(copy.pk, base if index == 0 else 1) for index, copy in enumerate(copies)]
    insert(sitting, before, lines, item.pk)
    return record_added(sitting, [copy.pk for copy in copies], by=by)[0]


@transaction.atomic
def add_actions_item(sitting: Sitting, *, by: User) -> AgendaItem:
    """Add « Suivi des actions » just after the opening item, unless it is there already."""
    lock_for_edit(sitting, by)
    if existing := items_of(sitting, internal=True).filter(kind=AgendaKind.ACTIONS).first():
        return existing
    item = AgendaItem.objects.create(
        sitting=sitting, position=0, title=_("Suivi des actions"), kind=AgendaKind.ACTIONS, minutes=10
    )
    lines = [line for line in shape_of(sitting) if line.pk != item.pk]
    opening = items_of(sitting, internal=True).exclude(pk=item.pk).first()
    position = agenda.block(lines, 0) if opening and opening.kind == AgendaKind.OPENING else 0
    write_order([*lines[:position], agenda.OrderedLine(item.pk, 0), *lines[position:]])
    record("agenda.item_added", item, by=by, dossier=sitting, kind=item.kind)
    return item


@transaction.atomic
def change(item: AgendaItem, *, by: User, seen: str | None = None, **values: Any) -> None:
    """Correct an item; raise EditConflict if it was saved or removed since `seen`; a later save restores it."""
    if unknown := values.keys() - FIELDS:
        raise ValueError(f"not editable: {sorted(unknown)}")
    lock_for_edit(item.sitting, by)
    item.refresh_from_db(fields=FIELDS | {"removed_at"})
    if seen is not None and seen != item_fingerprint(item):
        raise EditConflict(item, values, version=item_fingerprint(item))
    if item.removed_at is not None and seen is not None:
        restore(item, by=by)
    changed = sorted(name for name, value in values.items() if getattr(item, name) != value)
    if not changed:
        return
    AgendaItem.objects.filter(pk=item.pk, removed_at=None).update(**values)
    item.refresh_from_db()
    record("agenda.item_changed", item, by=by, dossier=item.sitting, fields=changed)


@transaction.atomic
def remove(item: AgendaItem, *, by: User) -> None:
    """Take an item off the agenda, with its sub-items: the rows stay, but readers no longer see them."""
    lock_for_edit(item.sitting, by)
    now = timezone.now()
    if AgendaItem.objects.filter(pk=item.pk, removed_at=None).update(removed_at=now):
        AgendaItem.objects.filter(parent=item, removed_at=None).update(removed_at=now)
        record("agenda.item_removed", item, by=by, dossier=item.sitting)
        agenda_item_removed.send(AgendaItem, item=item, by=by)


@transaction.atomic
def restore(item: AgendaItem, *, by: User) -> None:
    """Put an item back where it was, with the sub-items that were removed with it.

    A vote that was prepared on it is not prepared again; a sub-item whose parent is removed becomes an item.
    """
    sitting = item.sitting
    lock_for_edit(sitting, by)
    item.refresh_from_db(fields=["removed_at", "parent", "position"])
    if item.removed_at is None:
        return
    before = shape_of(sitting)
    children = AgendaItem.objects.filter(parent=item, removed_at=item.removed_at).order_by("position", "pk")
    parts = [agenda.OrderedLine(pk, 1) for pk in children.values_list("pk", flat=True)]
    AgendaItem.objects.filter(pk__in=[item.pk, *(line.pk for line in parts)]).update(removed_at=None)
    depth = 1 if item.parent is not None and item.parent.removed_at is None else 0
    rows = AgendaItem.objects.filter(sitting=sitting, position__lt=item.position)
    earlier = set(rows.values_list("pk", flat=True))
    position = agenda.index_among(before, item.parent_id, earlier) if depth else agenda.index_after(before, earlier)
    write_order([*before[:position], agenda.OrderedLine(item.pk, depth), *parts, *before[position:]])
    record("agenda.item_restored", item, by=by, dossier=sitting)


@transaction.atomic
def move_item(item: AgendaItem, *, direction: str, by: User) -> None:
    """Move an item one step: up, down, in (it becomes a sub-item) or out."""
    lock_for_edit(item.sitting, by)
    before = shape_of(item.sitting)
    after = agenda.moved(before, item.pk, direction)
    if after != before:
        write_order(after)
        record("agenda.item_moved", item, by=by, dossier=item.sitting, direction=direction)


@transaction.atomic
def arrange(sitting: Sitting, *, lines: Sequence[agenda.OrderedLine], by: User) -> None:
    """Write the whole order at once (drag and drop); raise StateConflict if an item came or went meanwhile."""
    lock_for_edit(sitting, by)
    before = shape_of(sitting)
    if sorted(line.pk for line in before) != sorted(line.pk for line in lines):
        raise StateConflict(sitting, "arrange")
    after = agenda.tidied(lines)
    if after != before:
        write_order(after)
        record("agenda.item_moved", sitting, by=by, order=[line.pk for line in after])


def write_order(lines: Sequence[agenda.OrderedLine]) -> None:
    """Number the items from 1 and attach each sub-item to the item above it."""
    items = AgendaItem.objects.in_bulk([line.pk for line in lines])
    parent = None
    for position, line in enumerate(lines, start=1):
        item = items[line.pk]
        item.position = position
        item.parent_id = parent if line.depth else None
        parent = parent if line.depth else item.pk
    AgendaItem.objects.bulk_update(items.values(), ["position", "parent"])


@transaction.atomic
def open_item(item: AgendaItem, *, by: User) -> None:
    """Record that an item begins now, or goes on after it was closed; the running item ends."""
    if not rules.can_run(by, item.sitting):
        raise PermissionDenied
    lock_agenda(item.sitting)
    now = timezone.now()
    running = AgendaItem.objects.filter(sitting=item.sitting, closed_at=None, opened_at__isnull=False)
    running.exclude(pk__in=[item.pk, item.parent_id]).update(closed_at=now)
    if AgendaItem.objects.filter(pk=item.pk, opened_at=None).update(opened_at=now):
        record("agenda.item_opened", item, by=by, dossier=item.sitting)
    elif AgendaItem.objects.filter(pk=item.pk, closed_at__isnull=False).update(closed_at=None):
        record("agenda.item_reopened", item, by=by, dossier=item.sitting)


@transaction.atomic
def close_item(item: AgendaItem, *, by: User) -> None:
    """Record that an item ends now."""
    if not rules.can_run(by, item.sitting):
        raise PermissionDenied
    rows = AgendaItem.objects.filter(pk=item.pk, opened_at__isnull=False, closed_at=None)
    if rows.update(closed_at=timezone.now()):
        record("agenda.item_closed", item, by=by, dossier=item.sitting)


@transaction.atomic
def set_hours(item: AgendaItem, *, opened_at: datetime | None, closed_at: datetime | None, by: User) -> None:
    """Correct the hours at which an item was opened and closed: the minutes count the people present from them."""
    if not rules.can_take_attendance(by, item.sitting):
        raise PermissionDenied
    AgendaItem.objects.filter(pk=item.pk).update(opened_at=opened_at, closed_at=closed_at)
    record("agenda.hours_set", item, by=by, dossier=item.sitting, opened_at=opened_at, closed_at=closed_at)


@transaction.atomic
def add_paper(
    sitting: Sitting, *, upload: Any, title: str, by: User, item: AgendaItem | None = None, is_internal: bool = False
) -> AgendaDocument:
    """Attach a document, already checked by the upload checks, to the sitting or to one of its items."""
    if not rules.can_add_papers(by, sitting):
        raise PermissionDenied
    paper = AgendaDocument.objects.create(
        sitting=sitting, item=item, upload=upload, title=title, is_internal=is_internal
    )
    record("agenda.paper_added", paper, by=by, dossier=sitting)
    return paper


@transaction.atomic
def remove_paper(paper: AgendaDocument, *, by: User) -> None:
    """Remove a document from the agenda; the file itself stays stored."""
    if not rules.can_add_papers(by, paper.sitting):
        raise PermissionDenied
    if AgendaDocument.objects.filter(pk=paper.pk, removed_at=None).update(removed_at=timezone.now()):
        record("agenda.paper_removed", paper, by=by, dossier=paper.sitting)
