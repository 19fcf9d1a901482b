"""Queries of the agenda: lines with their number and their hour, the open item and its clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from assembly.documents.models import Upload
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.tasks.models import Task, TaskState
from sessions.agenda import topics
from sessions.agenda.models import AgendaKind
from sessions.agenda.rules import LineTiming, OrderedLine, TimeSlot, clock, item_numbers
from sessions.models import AgendaDocument, AgendaItem, Sitting, SittingKind, SittingState


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


def open_actions(sitting: Sitting) -> QuerySet[Task]:
    """Return the tasks that earlier sittings of the same body decided, and that are not closed yet."""
    earlier = same_body(sitting).filter(state__in=SittingState.tagged("held"), starts_at__lt=sitting.starts_at)
    rows = Task.objects.filter(action_item__sitting__in=earlier, state=TaskState.OPEN)
    return rows.select_related("owner").order_by("due_on", "action_item")


def papers_of(sitting: Sitting, *, internal: bool) -> QuerySet[AgendaDocument]:
    """Return the documents of the sitting and of its items, in the order of the agenda."""
    papers = AgendaDocument.objects.filter(sitting=sitting, removed_at=None).select_related("upload", "item")
    if not internal:
        papers = papers.filter(is_internal=False).exclude(item__is_internal=True)
    return papers.order_by("item__position", "pk")


def paper_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may read the file of a document of an agenda.

    The team reads all of them; others those that are not internal, of an announced sitting that is visible to them.
    """
    papers = AgendaDocument.objects.filter(upload=upload, removed_at=None)
    if papers.filter(sitting__term__in=term_ids(user, TEAM_ROLES)).exists():
        return True
    shown = Sitting.objects.visible_to(user).exclude(state=SittingState.PLANNED)
    open_papers = papers.filter(is_internal=False, sitting__in=shown.values("pk"))
    return open_papers.exclude(item__is_internal=True).exists()


@dataclass(frozen=True)
class AgendaProgress:
    """Present position in the agenda: the open item (None between two), its position, the items around it."""

    line: AgendaLine | None
    position: int
    count: int
    elapsed: int
    before: AgendaLine | None
    after: AgendaLine | None

    @property
    def late(self) -> int:
        return max(0, self.elapsed - self.line.minutes) if self.line else 0

    @property
    def clock_label(self) -> str:
        """Return « 12 min sur 45, il en reste 33 »."""
        if self.line is None:
            return ""
        facts = {"spent": self.elapsed, "all": self.line.minutes, "left": self.line.minutes - self.elapsed}
        if self.late:
            template = ngettext("%(late)s\u00a0minute de trop", "%(late)s\u00a0minutes de trop", self.late)
            return f"{_('%(spent)s\u00a0min sur %(all)s') % facts}, {template % {'late': self.late}}"
        return _("%(spent)s\u00a0min sur %(all)s, il en reste %(left)s") % facts


def agenda_progress(lines: Sequence[AgendaLine], now: datetime) -> AgendaProgress:
    """Return the deepest open item, the next one never opened, and the one before, which may be reopened."""
    reached = [at for at, line in enumerate(lines) if line.item.opened_at]
    running = [at for at in reached if lines[at].item.closed_at is None]
    at = running[-1] if running else None
    last = at if at is not None else (reached[-1] if reached else -1)
    line = lines[at] if at is not None else None
    closed = [each for each in reached if each != at and each <= last and lines[each].item.closed_at]
    coming = [each for each in range(last + 1, len(lines)) if each not in reached]
    opened_at = line.item.opened_at if line else None
    return AgendaProgress(
        line=line,
        position=last + 1,
        count=len(lines),
        elapsed=max(0, int((now - opened_at).total_seconds() // 60)) if opened_at else 0,
        before=lines[closed[-1]] if closed else None,
        after=lines[coming[0]] if coming else None,
    )
