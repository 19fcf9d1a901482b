"""Queries of the agenda: lines with their number and their hour."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.utils.text import capfirst

from sessions.agenda import topics
from sessions.agenda.rules import LineTiming, OrderedLine, TimeSlot, clock, item_numbers
from sessions.enums import ActionState, AgendaKind, SittingKind, SittingState
from sessions.models import ActionItem, AgendaDocument, AgendaItem, Sitting


@dataclass(frozen=True)
class AgendaLine:
    """One line of the agenda for display: number, hour, item, documents, topic."""

    item: AgendaItem
    number: str
    depth: int
    slot: TimeSlot
    papers: list[AgendaDocument] = field(default_factory=list)
    topic: topics.Topic | None = None
    has_parts: bool = False

    @property
    def starts_at(self) -> datetime:
        return self.slot.starts_at

    @property
    def minutes(self) -> int:
        return self.slot.minutes

    @property
    def kind_label(self) -> str:
        """Return the kind (« Échange »), or nothing when the title begins with it (« Ouverture »)."""
        label = capfirst(self.item.get_kind_display())
        return "" if self.item.title.casefold().startswith(label.casefold()) else label


def items_of(sitting: Sitting, *, internal: bool) -> QuerySet[AgendaItem]:
    """Return the items in order, without removed ones; internal ones for the team only."""
    items = AgendaItem.objects.filter(sitting=sitting, removed_at=None).order_by("position", "pk")
    return items if internal else items.exclude(is_internal=True).exclude(parent__is_internal=True)


def removed_of(sitting: Sitting) -> QuerySet[AgendaItem]:
    """Return the items taken off the agenda, latest first, without sub-items removed with their item."""
    rows = AgendaItem.objects.filter(sitting=sitting, removed_at__isnull=False)
    return rows.exclude(parent__removed_at=F("removed_at")).order_by("-removed_at", "pk")


def shape_of(sitting: Sitting) -> list[OrderedLine]:
    """Return the whole tree as keys and depths, to reorder lines."""
    rows = items_of(sitting, internal=True).values_list("pk", "parent_id")
    return [OrderedLine(pk, 1 if parent else 0) for pk, parent in rows]


def agenda_of(
    sitting: Sitting, *, internal: bool, reader: Any = None, with_papers: bool = True, with_topics: bool = True
) -> list[AgendaLine]:
    """Return the agenda with numbers and hours.

    It takes one statement more for documents, and one for each type of topic. The hours include every item, internal
    ones too, so that all readers get the same hours.
    """
    papers = AgendaDocument.objects.filter(removed_at=None).select_related("upload")
    if not internal:
        papers = papers.filter(is_internal=False)
    rows = items_of(sitting, internal=True).select_related("speaker_person")
    every = list(rows.prefetch_related(Prefetch("papers", papers, to_attr="shown_papers")) if with_papers else rows)
    depths = {item.pk: 1 if item.parent_id else 0 for item in every}
    timed = [LineTiming(item.pk, depths[item.pk], item.minutes, item.kind == AgendaKind.BREAK) for item in every]
    slots = clock(timed, sitting.starts_at, pause_of(sitting))
    hidden = set() if internal else {item.pk for item in every if item.is_internal}
    items = [item for item in every if item.pk not in hidden and item.parent_id not in hidden]
    named = item_numbers([OrderedLine(item.pk, depths[item.pk]) for item in items])
    pairs = [(item.topic_type, item.topic_id) for item in items] if with_topics else []
    about = topics.describe_topics(pairs, reader)
    divided = {item.parent_id for item in every}
    return [
        AgendaLine(
            item=item,
            number=named[item.pk],
            depth=depths[item.pk],
            slot=slots[item.pk],
            papers=list(item.shown_papers) if with_papers else [],  # type: ignore[attr-defined]  # -- prefetched above
            topic=about.get((item.topic_type, item.topic_id)),
            has_parts=item.pk in divided,
        )
        for item in items
    ]


def pause_of(sitting: Sitting) -> tuple[datetime, datetime] | None:
    if sitting.break_starts_at and sitting.break_ends_at:
        return sitting.break_starts_at, sitting.break_ends_at
    return None


def end_time(lines: Sequence[AgendaLine]) -> datetime | None:
    """Return the end of the agenda if each item takes its planned time."""
    return max((line.slot.ends_at for line in lines), default=None)


def same_body(sitting: Sitting) -> QuerySet[Sitting]:
    """Return the other sittings of the same body: the plenary of the term, or the same committee."""
    others = Sitting.objects.filter(term=sitting.term_id).exclude(pk=sitting.pk)
    if sitting.kind == SittingKind.PLENARY:
        return others.filter(kind=SittingKind.PLENARY)
    return others.filter(committee=sitting.committee_id)


def open_actions(sitting: Sitting) -> QuerySet[ActionItem]:
    """Return the actions of earlier sittings of the same body that are not closed yet."""
    earlier = same_body(sitting).filter(state__in=SittingState.tagged("held"), starts_at__lt=sitting.starts_at)
    return (
        ActionItem.objects.filter(sitting__in=earlier, state=ActionState.OPEN)
        .select_related("owner", "sitting")
        .order_by("due_on", "pk")
    )


def papers_of(sitting: Sitting, *, internal: bool) -> QuerySet[AgendaDocument]:
    """Return the documents of the sitting and of its items, in the order of the agenda."""
    papers = AgendaDocument.objects.filter(sitting=sitting, removed_at=None).select_related("upload", "item")
    if not internal:
        papers = papers.filter(is_internal=False).exclude(item__is_internal=True)
    return papers.order_by("item__position", "pk")
