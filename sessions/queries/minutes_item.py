"""The facts of one item, for the page where its summary is written."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from sessions import subjects
from sessions.models import ActionItem, AgendaItem, Ballot, Decision, Minutes
from sessions.queries.attendance_facts import item_sentences, roll_of
from sessions.queries.minutes_facts import ballot_facts, redactor_for
from sessions.rules.majority import Count, missing_votes


@dataclass(frozen=True)
class CountedBallot:
    """A vote with what its count says."""

    ballot: Ballot
    facts: dict[str, Any] | None
    doubt: str = ""


@dataclass(frozen=True)
class ItemFacts:
    """What the system knows about an item, and the private names that the public version will hide."""

    sentences: list[str]
    present: int | None
    seats: int
    names: list[str]
    decisions: list[Decision]
    ballots: list[CountedBallot]
    actions: list[ActionItem]

    @property
    def empty_seats(self) -> int:
        return max(0, self.seats - (self.present or 0))


def items_to_write(minutes: Minutes) -> QuerySet[AgendaItem]:
    """Items that the minutes tell, with the hour when the one before was opened (`opened_before`)."""
    earlier = AgendaItem.objects.filter(
        sitting=OuterRef("sitting"), opened_at__lt=OuterRef("opened_at"), removed_at=None
    ).order_by("-opened_at")
    items = AgendaItem.objects.filter(sitting=minutes.sitting_id, is_internal=False)
    return items.annotate(opened_before=Subquery(earlier.values("opened_at")[:1]))


def item_facts(minutes: Minutes, item: AgendaItem, html: str) -> ItemFacts:
    """Read them fresh: they follow the roll call and the agenda."""
    told = roll_of(minutes.sitting)
    since = getattr(item, "opened_before") or minutes.sitting.opened_at  # noqa: B009 -- annotated by items_to_write
    ballots = ballots_of(item)
    opening = item_sentences(told, item.opened_at, since, named=True) if item.opened_at else []
    about = (item.subject_type, item.subject_id)
    return ItemFacts(
        sentences=[*opening, *subjects.told([about]).get(about, [])],
        present=told.present_at(item.opened_at),
        seats=told.in_office,
        names=redactor_for(minutes.sitting, told).names_in(html),
        decisions=list(
            Decision.objects.filter(agenda_item=item, withdrawn_at=None).select_related("ballot").order_by("number")
        ),
        ballots=[counted(ballot) for ballot in ballots],
        actions=list(ActionItem.objects.filter(agenda_item=item).select_related("owner").order_by("due_on", "pk")),
    )


def ballots_of(item: AgendaItem) -> QuerySet[Ballot]:
    """Votes of an item, cancelled ones left out."""
    return Ballot.objects.filter(agenda_item=item).exclude(state="cancelled").select_related("decision").order_by("pk")


def counted(ballot: Ballot) -> CountedBallot:
    if not ballot.is_counted:
        return CountedBallot(ballot, None)
    facts = ballot_facts(ballot)
    count = Count(facts["for"], facts["against"], facts["abstentions"], facts["no_opinion"])
    return CountedBallot(ballot, facts, missing_votes(count, ballot.present or 0))


def ballots_without_decision(item: AgendaItem) -> QuerySet[Ballot]:
    """Votes that may still carry a decision."""
    return ballots_of(item).filter(decision=None)
