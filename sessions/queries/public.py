"""Public facts of announced sittings: agenda, votes, minutes, each once it may be read."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, OuterRef, When
from django.db.models.functions import Cast, JSONObject, TruncDate

from assembly.institution.queries import main_assembly_key
from sessions.agenda.queries import AgendaLine, agenda_of
from sessions.attendance.queries.facts import roll_of
from sessions.decisions.models import COUNTED
from sessions.decisions.queries import ballot_facts
from sessions.enums import BallotState, MinutesState, SittingKind, SittingState
from sessions.minutes.queries.facts import redactor_for
from sessions.models import AgendaItem, Ballot, Decision, Sitting
from sessions.sittings.models import SittingQuerySet

MINUTES_FILE = Case(
    When(minutes__public_document__published_revision__isnull=False, then=F("minutes__public_document__reference")),
    output_field=CharField(),
)


@dataclass(frozen=True)
class PublicLine:
    """Item of the agenda without private names: its title, its votes and its decisions."""

    line: AgendaLine
    title: str
    votes: list[dict[str, str]] = field(default_factory=list)
    decisions: list[dict[str, str]] = field(default_factory=list)


def announced() -> SittingQuerySet:
    """Return the sittings announced to the public, of the assembly of the public pages."""
    return Sitting.objects.public().filter(term__assembly=main_assembly_key())


def public_dossier() -> SittingQuerySet:
    """Return the announced sittings with the related rows that their page names."""
    return announced().select_related(
        "term__assembly", "committee", "minutes__public_document__published_revision__blob"
    )


def sittings_about(topic_type: str) -> ArraySubquery:
    """Return, for the outer row, the public sittings held about it, latest first, with published minutes."""
    items = AgendaItem.objects.filter(
        topic_type=topic_type,
        topic_id=Cast(OuterRef(OuterRef("pk")), CharField()),
        removed_at=None,
        is_internal=False,
    ).exclude(parent__is_internal=True)
    sittings = announced().filter(state__in=SittingState.tagged("held"), pk__in=items.values("sitting"))
    columns = JSONObject(title="title", day=TruncDate("starts_at"), reference="reference", minutes=MINUTES_FILE)
    return ArraySubquery(sittings.order_by("-starts_at", "-pk").values(facts=columns))


def published_sittings(row: Any) -> list[dict[str, Any]]:
    """Return the rows of `sittings_about` for this row (`held_in`), each day as a date."""
    return [sitting | {"day": date.fromisoformat(sitting["day"])} for sitting in row.held_in]


def has_published_minutes(sitting: Sitting) -> bool:
    """Return whether the minutes are published now; during a rectification rows and file differ."""
    minutes = getattr(sitting, "minutes", None)
    return minutes is not None and minutes.state in MinutesState.tagged("published")


def has_public_agenda(sitting: Sitting) -> bool:
    """Return whether anybody may read the agenda.

    That of a plenary once it is convened; another body works undisturbed until its minutes are published.
    """
    if sitting.kind == SittingKind.PLENARY:
        return sitting.state in SittingState.tagged("answerable", "running", "held")
    return sitting.state in SittingState.tagged("held") and has_published_minutes(sitting)


def public_lines(sitting: Sitting) -> list[PublicLine]:
    """Return the agenda without internal items or private names; votes and decisions with published minutes.

    A vote about a published opinion is on its page already, so it is shown here at once.
    """
    if not has_public_agenda(sitting):
        return []
    lines = agenda_of(sitting, internal=False, with_papers=False)
    is_published = has_published_minutes(sitting)
    public_items = {line.item.pk for line in lines if is_published or (line.topic and line.topic.votes_are_public)}
    counted = COUNTED if is_published else [BallotState.PROCLAIMED]  # published minutes print counted votes
    ballots = Ballot.objects.filter(agenda_item__in=public_items, state__in=counted).order_by("counted_at", "pk")
    decisions = Decision.objects.filter(agenda_item__in=public_items if is_published else [], withdrawn_at=None)
    votes, texts = list(ballots), list(decisions.order_by("number"))
    sentences = [*(line.item.title for line in lines), *(row.question for row in votes), *(row.text for row in texts)]
    public = redactor_for(sitting, roll_of(sitting), text=" ".join(sentences)).redact
    return [
        PublicLine(
            line,
            public(line.item.title),
            [public_vote(row, public) for row in votes if row.agenda_item_id == line.item.pk],
            [
                {"reference": row.reference, "text": public(row.text)}
                for row in texts
                if row.agenda_item_id == line.item.pk
            ],
        )
        for line in lines
    ]


def public_vote(ballot: Ballot, public: Any) -> dict[str, str]:
    return {"question": public(ballot.question), "sentence": ballot_facts(ballot)["sentence"]}
