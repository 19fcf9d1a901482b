"""Votes of an item with their count, and the tasks that sittings decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountRows, Exists, Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from assembly.identity.models import Person
from assembly.institution.models import Term
from assembly.tasks.models import Task, TaskState
from assembly.tasks.queries import PageReference, my_tasks
from sessions.attendance.queries.presence import corrected_presence, quorum_sentence
from sessions.attendance.rules import Stay
from sessions.decisions.models import COUNTED
from sessions.decisions.rules import Count, advisory_sentence, missing_votes, result_sentence
from sessions.models import AgendaItem, Ballot, Invitee, Sitting

MOST_OF_TITLE = 155  # with the reference, within the 200 characters of the column


def ballot_facts(ballot: Ballot, stays: Sequence[Stay] | None = None) -> dict[str, Any]:
    """Return the vote as plain values, with its quorum if it needed one.

    With the `stays` of members, also with the corrections of attendance since it was proclaimed.
    """
    count = Count(ballot.votes_for or 0, ballot.votes_against or 0, ballot.abstentions or 0, ballot.no_opinion or 0)
    quorum: dict[str, Any] = {}
    if ballot.quorum is not None:
        quorum = {"quorum": ballot.quorum, "quorum_sentence": quorum_sentence(ballot)}
    if stays is not None and (corrected := corrected_presence(ballot, stays)):
        quorum["corrected"] = corrected
    return quorum | {
        "question": ballot.question,
        "for": count.votes_for,
        "against": count.votes_against,
        "abstentions": count.abstentions,
        "no_opinion": count.no_opinion,
        "voters": count.voters,
        "present": ballot.present,
        "rule": ballot.majority_rule,
        "result": ballot.result,
        "sentence": advisory_sentence(count)
        if ballot.is_advisory
        else result_sentence(
            count,
            ballot.majority_rule,
            members_in_office=ballot.members_in_office or 0,
            casting_vote_for=ballot.casting_vote_for,
        ),
    }


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


def page_of_sitting(sitting: Sitting) -> PageReference:
    """Return the page of the sitting, as that of the tasks that it decides."""
    title = f"{sitting.title[:MOST_OF_TITLE]} ({sitting.reference})"
    return PageReference(reverse("sittings:sitting", args=[sitting.pk]), title, sitting)


def invited_people(sitting: str) -> QuerySet[Person]:
    """Return those who were invited to the sitting of this key."""
    invited = Invitee.objects.filter(sitting_id=sitting)
    return Person.objects.filter(pk__in=invited.values("person"), anonymised_at=None).order_by("sort_name", "pk")


def late_actions(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term if decided tasks are past their day, with their number `n` and the day `late_since`."""
    rows = Task.objects.filter(is_decided=True, term=OuterRef("pk"), state=TaskState.OPEN)
    late = rows.filter(due_on__lt=timezone.localdate()).order_by().values("term")
    counted, first = late.annotate(n=CountRows("pk")).values("n"), late.annotate(first=Min("due_on")).values("first")
    terms = Term.objects.filter(Exists(late), pk=getattr(term, "pk", term))
    return terms.annotate(n=Subquery(counted), late_since=Subquery(first))


def my_actions(user: Any, term: Term | int) -> QuerySet[Task]:
    """Return the open tasks that sittings gave to the reader."""
    return my_tasks(user, term).filter(is_decided=True)
