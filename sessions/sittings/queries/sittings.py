"""Queries of sittings: lists, one dossier, the last one of a body."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from assembly.institution.models import Committee, Term
from assembly.institution.reader_query import VisibleRow
from sessions.enums import Reply, SittingState
from sessions.models import AgendaDocument, Attendance, Invitee, Sitting
from sessions.sittings.models import SittingQuerySet

NEAREST = 50
SOON = timedelta(days=45)


@dataclass(frozen=True)
class SittingFigures:
    """Figures of one sitting, members and guests apart where it matters."""

    expected: int = 0
    coming: int = 0
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
