"""Queries of the pages where minutes are written: progress, facts and notes of an item, corrections."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from assembly.documents.models import Rendition
from assembly.identity.models import Person, User
from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from assembly.notifications.models import Distribution
from sessions.agenda import topics
from sessions.agenda.enums import AgendaKind
from sessions.agenda.queries import AgendaLine, agenda_of, items_of
from sessions.attendance.queries.facts import item_sentences, roll_of
from sessions.decisions.enums import ActionState
from sessions.decisions.queries import CountedBallot, ballots_of, counted_ballot
from sessions.minutes.enums import CorrectionState, MinutesState
from sessions.minutes.queries.facts import redactor_for
from sessions.minutes.queries.minutes import corrections_of, people_who_attended
from sessions.models import (
    ActionItem,
    AgendaDocument,
    AgendaItem,
    Correction,
    Decision,
    ItemNote,
    Minutes,
    MinutesSection,
    SectionRevision,
    Sitting,
    Visa,
)

LABEL = "sittings.Minutes"


@dataclass(frozen=True)
class OutlineLine:
    """One item of the outline on the left: number, title, and whether it has a summary."""

    item: AgendaItem
    number: str
    depth: int
    is_written: bool
    is_current: bool = False


@dataclass(frozen=True)
class Progress:
    """Figures for the sentence about the state."""

    written: int = 0
    total: int = 0
    asked: int = 0
    readers: int = 0
    first_unwritten: int | None = None
    leads: list[str] = field(default_factory=list)
    visas: list[Visa] = field(default_factory=list)
    renditions: dict[str, Rendition] = field(default_factory=dict)
    distribution: Distribution | None = None


def written_lines(minutes: Minutes) -> list[AgendaLine]:
    """Return the items that belong in the minutes: no breaks, no internal ones."""
    lines = agenda_of(minutes.sitting, internal=False, with_papers=False, with_topics=False)
    return [line for line in lines if line.item.kind != AgendaKind.BREAK]


def sections_of(minutes: Minutes) -> dict[int, MinutesSection]:
    """Return the sections written so far, by item."""
    return {row.agenda_item_id: row for row in MinutesSection.objects.filter(minutes=minutes).order_by("pk")}


def outline(
    sections: dict[int, MinutesSection], lines: list[AgendaLine], current: int | None = None
) -> list[OutlineLine]:
    """Return the outline of the writing page."""
    written = {pk for pk, section in sections.items() if section.summary_html}
    return [
        OutlineLine(line.item, line.number, line.depth, line.item.pk in written, line.item.pk == current)
        for line in lines
    ]


def progress_of(minutes: Minutes, plan: list[OutlineLine]) -> Progress:
    """Return the progress of these minutes."""
    unwritten = [line.item.pk for line in plan if not line.is_written]
    shared = minutes.is_shared
    return Progress(
        written=len(plan) - len(unwritten),
        total=len(plan),
        asked=Correction.objects.filter(minutes=minutes, state=CorrectionState.ASKED).count() if shared else 0,
        readers=0 if shared else len(people_who_attended(minutes.sitting)),
        first_unwritten=unwritten[0] if unwritten else None,
        leads=leads_of(minutes) if minutes.state == MinutesState.DRAFT and not unwritten else [],
        visas=list(Visa.objects.filter(minutes=minutes, voided_at=None).select_related("person").order_by("pk")),
        renditions=latest_renditions(minutes),
        distribution=sealed_distribution(minutes),
    )


def leads_of(minutes: Minutes) -> list[str]:
    """Return the names of those who may validate a report."""
    roles = RoleAssignment.objects.filter(term=minutes.sitting.term_id, role=Role.LEAD, ended_at=None)
    people = Person.objects.filter(user__in=roles.filter(user__is_active=True).values("user"))
    return [person.full_name for person in people.order_by("sort_name", "pk")]


def latest_renditions(minutes: Minutes) -> dict[str, Rendition]:
    """Return the last job of each kind about these minutes."""
    rows = Rendition.objects.filter(subject_type=LABEL, subject_id=str(minutes.pk)).select_related(
        "revision__document"
    )
    return {row.kind: row for row in rows.order_by("pk")}


def sealed_distribution(minutes: Minutes) -> Distribution | None:
    """Return the distribution of the present sealed revision, if there is one."""
    if minutes.signed_at is None:
        return None
    sent = Distribution.objects.filter(kind="minutes-sealed", subject_type=LABEL, subject_id=str(minutes.pk))
    return sent.filter(requested_at__gte=minutes.signed_at).order_by("-pk").first()


def history_of(section: MinutesSection) -> Any:
    """Return every saved text about an item, the latest first."""
    return SectionRevision.objects.filter(section=section).select_related("saved_by__person").order_by("-pk")


def corrections_with_facts() -> QuerySet[Correction]:
    """Return corrections with the related rows that an answer to them reads."""
    return Correction.objects.select_related(
        "minutes__sitting__term__assembly", "section__agenda_item", "author", "section__minutes__sitting"
    )


def corrections_for_desk(minutes: Minutes) -> list[Correction]:
    """Return the unanswered corrections first, then the others, each in the order of arrival."""
    rows = corrections_of(minutes).select_related(
        "author__member__canton", "section__agenda_item", "answered_by__person", "recorded_by__person"
    )
    return sorted(rows, key=lambda row: (row.state != CorrectionState.ASKED, row.asked_at, row.pk))


@dataclass(frozen=True)
class Note:
    """Note of a member of the team during the sitting."""

    pk: int
    author: str
    updated_at: datetime
    text: str


@dataclass(frozen=True)
class Action:
    """Action recorded under the item."""

    pk: int
    text: str
    owner_name: str
    due_on: date | None
    is_open: bool


@dataclass(frozen=True)
class ItemFacts:
    """Recorded facts of an item, and the private names that the public version will hide."""

    sentences: list[str]
    present: int | None
    seats: int
    names: list[str]
    ballots: list[CountedBallot]

    @property
    def empty_seats(self) -> int:
        return max(0, self.seats - (self.present or 0))


def items_to_write(minutes: Minutes) -> QuerySet[AgendaItem]:
    """Return the items of the minutes, with the hour when the item before was opened (`opened_before`)."""
    earlier = AgendaItem.objects.filter(
        sitting=OuterRef("sitting"), opened_at__lt=OuterRef("opened_at"), removed_at=None
    ).order_by("-opened_at")
    items = AgendaItem.objects.filter(sitting=minutes.sitting_id, is_internal=False)
    return items.annotate(opened_before=Subquery(earlier.values("opened_at")[:1]))


def items_to_show(minutes: Minutes) -> QuerySet[AgendaItem]:
    """Return the same items, with the short lists around the text as dicts, in the same statement."""
    decisions = Decision.objects.filter(agenda_item=OuterRef("pk"), withdrawn_at=None).order_by("number")
    actions = ActionItem.objects.filter(agenda_item=OuterRef("pk")).order_by("due_on", "pk")
    notes = ItemNote.objects.filter(item=OuterRef("pk")).exclude(text="").order_by("pk")
    papers = AgendaDocument.objects.filter(item=OuterRef("pk"), removed_at=None).order_by("pk")
    action = {name: name for name in ("pk", "text", "state", "due_on", "owner_text")}
    action |= {"first_name": "owner__first_name", "last_name": "owner__last_name"}
    note = {"pk": "pk", "text": "text", "updated_at": "updated_at"}
    note |= {"first_name": "author__person__first_name", "last_name": "author__person__last_name"}
    return items_to_write(minutes).annotate(
        decisions_of_item=ArraySubquery(
            decisions.values(facts=JSONObject(pk="pk", number="number", text="text", ballot="ballot_id"))
        ),
        actions_of_item=ArraySubquery(actions.values(facts=JSONObject(**action))),
        notes_of_item=ArraySubquery(notes.values(facts=JSONObject(**note))),
        papers_of_item=ArraySubquery(papers.values(facts=JSONObject(title="title", file="upload__public_id"))),
    )


def notes_of_item(item: Any) -> list[Note]:
    """Return the notes of an item of `items_to_show`, for the team."""
    return [
        Note(row["pk"], name_of(row), datetime.fromisoformat(row["updated_at"]), row["text"])
        for row in item.notes_of_item
    ]


def actions_of_item(item: Any) -> list[Action]:
    """Return the actions of an item of `items_to_show`."""
    return [
        Action(
            row["pk"],
            row["text"],
            row["owner_text"] or name_of(row),
            date.fromisoformat(row["due_on"]) if row["due_on"] else None,
            row["state"] == ActionState.OPEN,
        )
        for row in item.actions_of_item
    ]


def name_of(row: dict[str, Any]) -> str:
    return Person(first_name=row["first_name"] or "", last_name=row["last_name"] or "").full_name


def names_in(minutes: Minutes, html: str) -> list[str]:
    """Return the private names in this text that the public version will hide."""
    return redactor_for(minutes.sitting, roll_of(minutes.sitting), text=html).names_in(html)


def item_facts(minutes: Minutes, item: AgendaItem, html: str) -> ItemFacts:
    """Read the facts without a cache: they follow the roll call and the agenda."""
    roll = roll_of(minutes.sitting)
    since = getattr(item, "opened_before") or minutes.sitting.opened_at  # noqa: B009 -- annotated by items_to_write
    ballots = ballots_of(item)
    opening = item_sentences(roll, item.opened_at, since, named=True) if item.opened_at else []
    about = (item.topic_type, item.topic_id)
    return ItemFacts(
        sentences=[*opening, *topics.minutes_lines([about]).get(about, [])],
        present=roll.present_at(item.opened_at),
        seats=roll.in_office,
        names=redactor_for(minutes.sitting, roll, text=html).names_in(html),
        ballots=[counted_ballot(ballot, roll.stays) for ballot in ballots],
    )


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
