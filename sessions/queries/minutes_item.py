"""Facts of one item, for the page where its summary is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from assembly.identity.models import Person
from sessions.agenda import topics
from sessions.attendance.queries.facts import item_sentences, roll_of
from sessions.attendance.rules import Stay
from sessions.decisions.models import COUNTED
from sessions.decisions.queries import ballot_facts
from sessions.decisions.rules import Count, missing_votes
from sessions.enums import ActionState
from sessions.minutes.queries.facts import redactor_for
from sessions.models import ActionItem, AgendaDocument, AgendaItem, Ballot, Decision, ItemNote, Minutes


@dataclass(frozen=True)
class CountedBallot:
    """A vote with the facts of its count."""

    ballot: Ballot
    facts: dict[str, Any] | None
    doubt: str = ""

    @property
    def corrected(self) -> str:
        """Return the corrections of attendance since the result was proclaimed."""
        return self.facts.get("corrected", "") if self.facts else ""


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


def ballots_of(item: AgendaItem) -> QuerySet[Ballot]:
    """Return the votes of an item, without cancelled ones."""
    return Ballot.objects.filter(agenda_item=item).exclude(state="cancelled").select_related("decision").order_by("pk")


def counted_ballot(ballot: Ballot, stays: Sequence[Stay]) -> CountedBallot:
    """Return the vote with the facts of its count; `stays` are those of the members."""
    if not ballot.is_counted:
        return CountedBallot(ballot, None)
    facts = ballot_facts(ballot, stays)
    count = Count(facts["for"], facts["against"], facts["abstentions"], facts["no_opinion"])
    return CountedBallot(ballot, facts, missing_votes(count, ballot.present or 0))


def ballots_without_decision(item: AgendaItem) -> QuerySet[Ballot]:
    """Return the counted votes that may still get a decision."""
    return ballots_of(item).filter(decision=None, is_advisory=False, state__in=COUNTED)
