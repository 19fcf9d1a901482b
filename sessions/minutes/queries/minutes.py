"""Queries of minutes: those of a sitting, those that need an action, the pages where they are written."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from assembly.documents.models import Rendition
from assembly.identity.models import Person, User
from assembly.institution.models import Role, RoleAssignment, Term
from assembly.institution.rules import is_lead
from assembly.notifications.models import Distribution
from assembly.tasks.models import Task, TaskState
from members.mandates.queries import active_mandates
from sessions.agenda import topics
from sessions.agenda.queries import AgendaLine, agenda_of, items_of
from sessions.attendance.queries.facts import item_sentences, roll_of
from sessions.decisions.queries import CountedBallot, ballots_of, counted_ballot
from sessions.minutes.models import CorrectionState, MinutesKind, MinutesQuerySet, MinutesState, MinutesVisaCapacity
from sessions.minutes.queries.facts import redactor_for
from sessions.models import (
    AgendaDocument,
    AgendaItem,
    AgendaKind,
    Attendance,
    Correction,
    Decision,
    Invitee,
    ItemNote,
    Minutes,
    MinutesSection,
    SectionRevision,
    Sitting,
    Visa,
)
from sessions.sittings.models import SittingKind, SittingState


def minutes_of(sitting: Sitting) -> Minutes | None:
    """Return the minutes of a sitting, or None if they are not started."""
    minutes = Minutes.objects.filter(sitting=sitting).first()
    if minutes is not None:
        minutes.sitting = sitting
    return minutes


def minutes_for_page(user: Any) -> QuerySet[Minutes]:
    """Return the minutes that `user` may open, with what each of their pages reads."""
    return Minutes.objects.visible_to(user).select_related(
        "sitting__term__assembly",
        "sitting__committee",
        "sitting__chair",
        "sitting__secretary",
        "sitting__recorded_by__person",
        "writer__person",
    )


def attended(user: Any, sitting: Sitting) -> bool:
    """Return whether this account's person is among `people_who_attended`."""
    stays = Attendance.objects.filter(invitee__sitting=sitting, invitee__person=user.person_id, voided_at=None)
    return user.person_id in (sitting.chair_id, sitting.secretary_id) or stays.exists()


def people_who_attended(sitting: Sitting) -> list[Person]:
    """Return those with a stay, however short, by name, and always the chair and the secretary."""
    stays = Attendance.objects.filter(invitee__sitting=sitting, voided_at=None).values("invitee__person")
    functions = [pk for pk in (sitting.chair_id, sitting.secretary_id) if pk]
    people = Person.objects.filter(Q(pk__in=stays) | Q(pk__in=functions), anonymised_at=None)
    return list(people.order_by("sort_name", "pk"))


def readers_of_sealed(minutes: Minutes) -> list[Person]:
    """Return the recipients of the sealed minutes: everybody convened, and all members in office.

    For a sitting of a committee, only those convened; always the chair and the secretary.
    """
    sitting = minutes.sitting
    convened = Invitee.objects.filter(sitting=sitting).values("person")
    condition = Q(pk__in=convened)
    if sitting.kind != SittingKind.COMMITTEE:
        condition |= Q(pk__in=active_mandates(sitting.term_id).values("member__person"))
    condition |= Q(pk__in=[pk for pk in (sitting.chair_id, sitting.secretary_id) if pk])
    return list(Person.objects.filter(condition, anonymised_at=None).order_by("sort_name", "pk"))


def corrections_of(minutes: Minutes) -> QuerySet[Correction]:
    """Return the requests in the order of arrival, with their authors and their items."""
    return Correction.objects.filter(minutes=minutes).select_related("author", "section__agenda_item", "answered_by")


def unanswered_corrections(minutes: Minutes) -> int:
    return Correction.objects.filter(minutes=minutes, state=CorrectionState.ASKED).count()


def answers_to_send(minutes: Minutes) -> QuerySet[Correction]:
    """Return the answered requests whose author has not been notified."""
    answered = corrections_of(minutes).exclude(state=CorrectionState.ASKED)
    return answered.filter(answer_sent_at=None, author__anonymised_at=None)


def my_corrections(user: Any, minutes: Minutes) -> QuerySet[Correction]:
    """Return the corrections that this person asked for, with their answers."""
    return corrections_of(minutes).filter(author=user.person_id)


def next_plenaries(sitting: Sitting) -> QuerySet[Sitting]:
    """Return the coming sittings at which these minutes may be approved: the same body, later."""
    later = Sitting.objects.filter(term=sitting.term_id, starts_at__gt=sitting.starts_at)
    body = {"kind": sitting.kind} if sitting.committee_id is None else {"committee": sitting.committee_id}
    upcoming = ["planned", "notified", "confirmed", "open", "suspended"]
    return later.filter(state__in=upcoming, **body).order_by("starts_at", "pk")


def readable_minutes(user: Any) -> MinutesQuerySet:
    """Return the minutes that a member may read, latest sitting first, with the member's open requests."""
    mine = Q(corrections__author=user.person_id, corrections__state=CorrectionState.ASKED)
    return (
        Minutes.objects.visible_to(user)
        .filter(state__in=MinutesState.tagged("circulated", "published"))
        .select_related("sitting__committee", "public_document", "internal_document")
        .annotate(waiting=Count("corrections", filter=mine))
        .order_by("-sitting__starts_at", "-pk")
    )


def visas_to_give(minutes: Minutes) -> list[MinutesVisaCapacity]:
    """Return the functions whose visa is missing on these minutes."""
    capacities = set(Visa.objects.filter(minutes=minutes, voided_at=None).values_list("capacity", flat=True))
    return [capacity for capacity in MinutesVisaCapacity if capacity not in capacities]


def to_begin(user: Any, term: Term | int) -> QuerySet[Sitting]:
    """Return the closed sittings without minutes."""
    return Sitting.objects.filter(term=term, state=SittingState.CLOSED, minutes=None)


def being_written(user: Any, term: Term | int) -> QuerySet[Minutes]:
    """Return the minutes not circulated yet; `is_written`: there are items, and each has a summary.

    A written report is on the list of the lead only, who checks it.
    """
    points = AgendaItem.objects.filter(sitting=OuterRef("sitting"), removed_at=None, is_internal=False)
    points = points.exclude(kind=AgendaKind.BREAK).exclude(parent__is_internal=True)
    summaries = MinutesSection.objects.filter(agenda_item=OuterRef("pk")).exclude(summary_html="")
    written = Q(
        Exists(points), ~Exists(points.exclude(Exists(summaries))), sitting__state__in=SittingState.tagged("held")
    )
    rows = Minutes.objects.filter(sitting__term=term, state__in=MinutesState.tagged("writing"))
    rows = rows.annotate(is_written=Case(When(written, then=True), default=False))
    if is_lead(user, term):
        return rows
    return rows.exclude(Q(is_written=True, state=MinutesState.DRAFT) & ~Q(kind=MinutesKind.FORMAL))


def to_seal(user: Any, term: Term | int) -> QuerySet[Minutes]:
    return Minutes.objects.filter(sitting__term=term, state=MinutesState.APPROVED)


def minutes_to_sign(user: Any, term: Term | int) -> QuerySet[Minutes]:
    """Return the approved minutes that lack the visa of this person, who was chair or secretary."""
    visas = Visa.objects.filter(minutes=OuterRef("pk"), person=user.person_id, voided_at=None)
    return to_seal(user, term).filter(~Exists(visas), has_function(user))


def has_function(user: Any) -> Q:
    return Q(sitting__chair=user.person_id) | Q(sitting__secretary=user.person_id)


def to_correct(user: Any, term: Term | int) -> QuerySet[Minutes]:
    """Return the minutes with unanswered corrections, `asked` of them."""
    asked = Correction.objects.filter(minutes=OuterRef("pk"), state=CorrectionState.ASKED).order_by()
    count = Subquery(asked.values("minutes").annotate(n=Count("pk")).values("n"))
    rows = Minutes.objects.filter(Exists(asked), sitting__term=term, state__in=MinutesState.tagged("reading"))
    return rows.annotate(asked=count)


def to_read(user: Any, term: Term | int) -> QuerySet[Minutes]:
    return readable_now(user).filter(sitting__term=term)


def readable_now(user: Any) -> QuerySet[Minutes]:
    """Return the texts to read: circulated, open to corrections, of a sitting that this person attended.

    Somebody who sent a correction has read the text, so it leaves their list; the answer is up to the team.
    """
    stays = Attendance.objects.filter(invitee__person=user.person_id, voided_at=None).values("invitee__sitting")
    sent = Correction.objects.filter(minutes=OuterRef("pk"), author=user.person_id)
    came = Q(sitting__in=stays) | has_function(user)
    rows = Minutes.objects.filter(~Exists(sent), came, state=MinutesState.CIRCULATED, signed_at=None)
    return rows.filter(corrections_until__gte=timezone.now())


def written_by(user: Any, term: Term) -> QuerySet[Minutes]:
    """Return the open minutes of a writer, for the colleague who takes them over."""
    return Minutes.objects.filter(writer=user, sitting__term=term).exclude(state__in=MinutesState.tagged("published"))


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
    """Task that the sitting decided under the item."""

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
    actions = Task.objects.filter(action_item__agenda_item=OuterRef("pk")).order_by("due_on", "action_item")
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
            row["state"] == TaskState.OPEN,
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
