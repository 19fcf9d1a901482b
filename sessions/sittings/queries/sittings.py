"""Queries of sittings: lists, one dossier, recorded facts, public facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, TruncDate
from django.utils import timezone

from assembly.identity.models import User
from assembly.institution.models import TEAM_ROLES, Committee, RoleAssignment, Term
from assembly.institution.queries import VisibleRow, main_assembly_key
from assembly.notifications.models import Delivery
from sessions.agenda.queries import AgendaLine, agenda_of
from sessions.attendance.queries.facts import roll_of
from sessions.decisions.models import COUNTED, BallotState
from sessions.decisions.queries import ballot_facts
from sessions.minutes.queries.facts import redactor_for
from sessions.models import (
    AbsenceCase,
    AbsenceCaseState,
    AgendaDocument,
    AgendaItem,
    Attendance,
    Ballot,
    Decision,
    ExpenseClaim,
    ExpenseState,
    Invitee,
    MinutesState,
    Sitting,
)
from sessions.sittings.models import Reply, SittingKind, SittingQuerySet, SittingState

NEAREST = 50
SOON = timedelta(days=45)


@dataclass(frozen=True)
class SittingFigures:
    """Figures of one sitting, members and guests apart where it matters."""

    expected: int = 0
    coming: int = 0
    coming_members: int = 0
    not_coming: int = 0
    unsure: int = 0
    silent: int = 0
    guests: int = 0
    came: int = 0

    @property
    def answered(self) -> int:
        return self.expected - self.silent


def with_counts(sittings: SittingQuerySet) -> SittingQuerySet:
    """Annotate how many are invited and how many come: counted for the rows of the page, not for the whole term."""
    invitees = Invitee.objects.filter(sitting=OuterRef("pk"), withdrawn_at=None)
    return sittings.annotate(asked=_how_many(invitees), coming=_how_many(invitees.filter(reply=Reply.WILL_ATTEND)))


def _how_many(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("sitting").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def listing(user: Any, term: Term | None) -> SittingQuerySet:
    """Return the sittings of the term that the reader may see, for the back office."""
    rows = Sitting.objects.visible_to(user)
    rows = rows.filter(term=term) if term else rows.none()
    return with_counts(rows.select_related("committee", "officer__person"))


def dossier(user: Any) -> SittingQuerySet:
    """Return the visible sittings with everything that the page of one names."""
    return (
        Sitting.objects.visible_to(user)
        .select_related(
            "term__assembly",
            "committee",
            "chair",
            "secretary",
            "officer__person",
            "recorded_by__person",
            "follows",
            "minutes",
        )
        .annotate(papers_count=_how_many(AgendaDocument.objects.filter(sitting=OuterRef("pk"), removed_at=None)))
    )


DOSSIER = VisibleRow(dossier)


def figures(sitting: Sitting) -> SittingFigures:
    """Return the answers and the number of people who came, in one statement."""
    invitees = Invitee.objects.expected().filter(sitting=sitting)
    stays = Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None)
    counts = invitees.aggregate(
        expected=Count("pk"),
        coming=Count("pk", filter=Q(reply=Reply.WILL_ATTEND)),
        coming_members=Count("pk", filter=Q(reply=Reply.WILL_ATTEND, is_member=True)),
        not_coming=Count("pk", filter=Q(reply=Reply.WILL_NOT)),
        unsure=Count("pk", filter=Q(reply=Reply.MAYBE)),
        silent=Count("pk", filter=Q(reply=Reply.INVITED)),
        guests=Count("pk", filter=Q(is_member=False)),
        came=Count("pk", filter=Q(is_member=True) & Q(Exists(stays))),
    )
    return SittingFigures(**counts)


def last_of_body(term: Term, committee: Committee | None) -> Sitting | None:
    """Return the sitting that a new one of the same body is copied from."""
    rows = Sitting.objects.filter(term=term, committee=committee).exclude(state__in=SittingState.tagged("stopped"))
    return rows.order_by("-starts_at", "-pk").first()


def my_sittings(user: Any) -> SittingQuerySet:
    """Return the sittings of a person, for their pages and their calendar."""
    return Sitting.objects.visible_to(user).select_related("committee", "term__assembly")


def coming_sittings(sittings: SittingQuerySet) -> SittingQuerySet:
    """Return the sittings that are not over, the nearest first."""
    states = SittingState.tagged("upcoming", "running")
    return sittings.filter(state__in=states, ends_at__gte=timezone.now()).order_by("starts_at", "pk")


PER_ROW, MOST_MARKS = 6, 18  # of the drawing of « Comment ça marche »


def dated_plenaries(term: Term) -> dict[str, Any]:
    """Return how many public plenaries of the term were held and how many come, and the place of a mark for each."""
    plenaries = Sitting.objects.public().filter(term=term, kind=SittingKind.PLENARY)
    coming = Q(pk__in=coming_sittings(plenaries).order_by().values("pk"))
    held = Q(state__in=SittingState.tagged("held"))
    counts = plenaries.aggregate(coming=Count("pk", filter=coming), held=Count("pk", filter=held))
    total = counts["coming"] + counts["held"]
    marks = [
        (50 + 20 * (place % PER_ROW), 62 + 21 * (place // PER_ROW), "held" if place < counts["held"] else "coming")
        for place in range(min(total, MOST_MARKS))
    ]
    return {**counts, "total": total, "marks": marks}


def past_sittings(sittings: SittingQuerySet) -> SittingQuerySet:
    """Return the sittings held, cancelled or past, the latest first."""
    return sittings.exclude(pk__in=coming_sittings(sittings).values("pk")).order_by("-starts_at", "-pk")


def invitations(user: Any, sittings: Iterable[Sitting]) -> dict[int, Invitee]:
    """Return the reader's own invitations to these sittings, by sitting."""
    rows = Invitee.objects.expected().filter(person=user.person_id, sitting__in=[sitting.pk for sitting in sittings])
    return {row.sitting_id: row for row in rows}


def waiting_answers(user: Any, term: Term | int) -> QuerySet[Invitee]:
    """Return the convocations that this person has not answered."""
    return Invitee.objects.expected().filter(
        person=user.person_id,
        reply=Reply.INVITED,
        sitting__term=term,
        sitting__state__in=SittingState.tagged("answerable"),
        sitting__ends_at__gte=timezone.now(),
    )


def to_convene(user: Any, term: Term | int) -> SittingQuerySet:
    """Return the planned sittings that are near."""
    near = Value(timezone.now(), DateTimeField()) + Value(SOON, DurationField())
    return Sitting.objects.filter(term=term, state=SittingState.PLANNED, starts_at__lt=near)


def without_papers(user: Any, term: Term | int) -> SittingQuerySet:
    """Return the near, convened sittings that have no document yet for those who attend."""
    papers = AgendaDocument.objects.filter(sitting=OuterRef("pk"), is_internal=False, removed_at=None)
    near = Value(timezone.now(), DateTimeField()) + Value(SOON, DurationField())
    rows = Sitting.objects.filter(~Exists(papers), term=term, state__in=SittingState.tagged("answerable"))
    return rows.filter(starts_at__gt=timezone.now(), starts_at__lt=near)


def never_opened(user: Any, term: Term | int) -> SittingQuerySet:
    """Return the convened sittings whose day is past, with no record of whether they took place."""
    return Sitting.objects.filter(term=term, state__in=SittingState.tagged("answerable"), ends_at__lt=timezone.now())


def followed_by(user: Any, term: Term) -> QuerySet[Sitting]:
    """Return the sittings that `user` follows and that are not closed, to reassign when an agent leaves."""
    closed = [SittingState.ARCHIVED, SittingState.RECONVENED, *SittingState.tagged("stopped")]
    return Sitting.objects.filter(term=term, officer=user).exclude(state__in=closed).order_by("starts_at", "pk")


def team_of(term: Term) -> Any:
    roles = RoleAssignment.objects.filter(term=term, role__in=TEAM_ROLES, ended_at=None)
    return (
        User.objects.filter(pk__in=roles.values("user")).select_related("person").order_by("person__sort_name", "pk")
    )


def stays_on_roll(sitting: Sitting) -> QuerySet[Attendance]:
    """Return the stays of everybody convened, members and guests, without voided ones."""
    return Attendance.objects.filter(invitee__sitting=sitting, voided_at=None)


def people_noted_present(sitting: Sitting) -> int:
    """Count the people with a stay on the roll, however short."""
    return stays_on_roll(sitting).order_by().values("invitee").distinct().count()


def counted_votes(sitting: Sitting) -> QuerySet[Ballot]:
    return Ballot.objects.filter(agenda_item__sitting=sitting, state__in=COUNTED)


def numbered_decisions(sitting: Sitting) -> QuerySet[Decision]:
    return Decision.objects.filter(sitting=sitting, withdrawn_at=None)


@dataclass(frozen=True)
class ClosingFigures:
    """Figures shown to the person who closes the sitting."""

    items: int
    never_opened: int
    still_there: int
    not_proclaimed: int


def closing_figures(sitting: Sitting) -> ClosingFigures:
    """Count the items never opened, the people still present, the votes counted and not proclaimed."""
    items = AgendaItem.objects.filter(sitting=sitting, removed_at=None)
    votes = counted_votes(sitting).filter(agenda_item__removed_at=None)
    return ClosingFigures(
        items=items.count(),
        never_opened=items.filter(opened_at=None).count(),
        still_there=stays_on_roll(sitting).filter(left_at=None).count(),
        not_proclaimed=votes.filter(state=BallotState.COUNTED).count(),
    )


def claims_at_finance(sitting: Sitting) -> QuerySet[ExpenseClaim]:
    """Return the claims sent to finance, paid or not: no step here takes them back."""
    rows = ExpenseClaim.objects.filter(invitee__sitting=sitting, state__in=ExpenseState.tagged("batched"))
    return rows.order_by("reference__alphabetical")


def claims_here(sitting: Sitting) -> QuerySet[ExpenseClaim]:
    """Return the claims that were not sent yet."""
    rows = ExpenseClaim.objects.open().filter(invitee__sitting=sitting)
    return rows.exclude(state__in=ExpenseState.tagged("batched")).order_by("pk")


def certificates_sent(sitting: Sitting) -> int:
    """Count the certificates of this sitting that were sent or are queued."""
    label = Sitting._meta.label
    sent = Q(distribution__kind="attendance-certificate", distribution__subject_type=label)
    return Delivery.objects.filter(sent, distribution__subject_id=str(sitting.pk)).count()


def notified_absences(sitting: Sitting) -> QuerySet[AbsenceCase]:
    """Return the absence cases that end with this sitting and about which somebody was notified."""
    states = [AbsenceCaseState.WARNED, AbsenceCaseState.PROCEDURE, AbsenceCaseState.ENDED]
    return AbsenceCase.objects.filter(latest=sitting, state__in=states)


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


def next_sitting_about(topic_type: str) -> Subquery:
    """Return, for the outer row, when the next public sitting about it begins."""
    items = AgendaItem.objects.filter(
        topic_type=topic_type,
        topic_id=Cast(OuterRef("pk"), CharField()),
        removed_at=None,
        is_internal=False,
        sitting__in=coming_sittings(announced()).order_by(),
    ).exclude(parent__is_internal=True)
    return Subquery(items.order_by("sitting__starts_at").values("sitting__starts_at")[:1])


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
