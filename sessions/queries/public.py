"""What anybody may read of the sittings announced to the public: agenda, votes, minutes, each in its time."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, OuterRef, When
from django.db.models.functions import Cast, JSONObject, TruncDate

from assembly.institution.queries import main_assembly_key
from sessions.enums import BallotState, MinutesState, SittingKind, SittingState
from sessions.models import AgendaItem, Ballot, Decision, Sitting
from sessions.models.ballot import COUNTED
from sessions.models.sitting import HELD, RUNNING, SittingQuerySet
from sessions.queries.agenda import AgendaLine, agenda_of
from sessions.queries.attendance_facts import roll_of
from sessions.queries.ballot_facts import ballot_facts
from sessions.queries.private_names import redactor_for

CONVENED = [SittingState.NOTIFIED, SittingState.CONFIRMED, *RUNNING, *HELD]
PUBLISHED_STATES = [MinutesState.PUBLISHED, MinutesState.ARCHIVED]
MINUTES_FILE = Case(
    When(minutes__public_document__published_revision__isnull=False, then=F("minutes__public_document__reference")),
    output_field=CharField(),
)


@dataclass(frozen=True)
class PublicLine:
    """A point of the agenda without a private name: what it is about, what was voted and decided."""

    line: AgendaLine
    title: str
    votes: list[dict[str, str]] = field(default_factory=list)
    decisions: list[dict[str, str]] = field(default_factory=list)


def announced() -> SittingQuerySet:
    """Sittings announced to the public, of the assembly that the public pages speak for."""
    return Sitting.objects.public().filter(term__assembly=main_assembly_key())


def public_dossier() -> SittingQuerySet:
    """The same with what their page names."""
    return announced().select_related(
        "term__assembly", "committee", "minutes__public_document__published_revision__blob"
    )


def sittings_about(subject_type: str) -> ArraySubquery:
    """For the outer row: the public sittings held that treated it, the latest first, with their published minutes."""
    items = AgendaItem.objects.filter(
        subject_type=subject_type,
        subject_id=Cast(OuterRef(OuterRef("pk")), CharField()),
        removed_at=None,
        is_internal=False,
    ).exclude(parent__is_internal=True)
    held = announced().filter(state__in=HELD, pk__in=items.values("sitting"))
    told = JSONObject(title="title", day=TruncDate("starts_at"), reference="reference", minutes=MINUTES_FILE)
    return ArraySubquery(held.order_by("-starts_at", "-pk").values(told=told))


def told_sittings(row: Any) -> list[dict[str, Any]]:
    """What `sittings_about` found for this row (`held_in`), each day as a date."""
    return [found | {"day": date.fromisoformat(found["day"])} for found in row.held_in]


def has_published_minutes(sitting: Sitting) -> bool:
    """Not while a published text is being rectified: what the rows say then is not what the published file says."""
    minutes = getattr(sitting, "minutes", None)
    return minutes is not None and minutes.state in PUBLISHED_STATES


def has_public_agenda(sitting: Sitting) -> bool:
    """A plenary once it is convened; the body of another sitting works undisturbed until its minutes are published."""
    if sitting.kind == SittingKind.PLENARY:
        return sitting.state in CONVENED
    return sitting.state in HELD and has_published_minutes(sitting)


def public_lines(sitting: Sitting) -> list[PublicLine]:
    """The agenda without the team's own points nor private names; votes and decisions with the published minutes.

    A vote about an opinion that is published is on its page already: it is told here at once.
    """
    if not has_public_agenda(sitting):
        return []
    lines = agenda_of(sitting, internal=False, with_papers=False)
    is_told = has_published_minutes(sitting)
    told = {line.item.pk for line in lines if is_told or (line.subject and line.subject.votes_are_public)}
    counted = COUNTED if is_told else [BallotState.PROCLAIMED]  # the minutes print what was counted
    ballots = Ballot.objects.filter(agenda_item__in=told, state__in=counted).order_by("counted_at", "pk")
    decisions = Decision.objects.filter(agenda_item__in=told if is_told else [], withdrawn_at=None)
    votes, texts = list(ballots), list(decisions.order_by("number"))
    words = [*(line.item.title for line in lines), *(row.question for row in votes), *(row.text for row in texts)]
    public = redactor_for(sitting, roll_of(sitting), text=" ".join(words)).redact
    return [
        PublicLine(
            line,
            public(line.item.title),
            [vote_words(row, public) for row in votes if row.agenda_item_id == line.item.pk],
            [
                {"reference": row.reference, "text": public(row.text)}
                for row in texts
                if row.agenda_item_id == line.item.pk
            ],
        )
        for line in lines
    ]


def vote_words(ballot: Ballot, public: Any) -> dict[str, str]:
    return {"question": public(ballot.question), "sentence": ballot_facts(ballot)["sentence"]}
