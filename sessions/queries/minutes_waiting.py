"""Minutes that wait for somebody: what the lists « À faire » say."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from assembly.institution.models import Term
from sessions.enums import CorrectionState, MinutesState, SittingState
from sessions.models import Attendance, Minutes, Sitting, Visa


def not_begun(term: Term) -> QuerySet[Sitting]:
    """Sittings held of which nobody began the minutes."""
    return Sitting.objects.filter(term=term, state=SittingState.CLOSED, minutes=None).order_by("closed_at", "pk")


def being_written(term: Term) -> QuerySet[Minutes]:
    """Drafts, and texts read again, that have not left yet."""
    states = [MinutesState.DRAFT, MinutesState.INTERNAL_CHECK, MinutesState.VALIDATED]
    return Minutes.objects.filter(sitting__term=term, state__in=states).select_related("sitting").order_by("due_on")


def with_corrections(term: Term) -> QuerySet[Minutes]:
    """Circulated texts of which some corrections wait for an answer."""
    asked = Count("corrections", filter=Q(corrections__state=CorrectionState.ASKED))
    rows = Minutes.objects.filter(
        sitting__term=term, state__in=[MinutesState.CIRCULATED, MinutesState.CORRECTIONS]
    ).annotate(asked=asked)
    return rows.filter(asked__gt=0).select_related("sitting").order_by("corrections_until", "pk")


def approved(term: Term) -> QuerySet[Minutes]:
    """Approved texts that are not sealed."""
    rows = Minutes.objects.filter(sitting__term=term, state=MinutesState.APPROVED)
    return rows.select_related("sitting").order_by("approved_at", "pk")


def to_read(user: Any, term: Term, now: Any) -> QuerySet[Minutes]:
    """Texts that this person may still correct."""
    stays = Attendance.objects.filter(invitee__person=user.person_id, voided_at=None).values("invitee__sitting")
    rows = Minutes.objects.filter(
        sitting__term=term,
        sitting__in=stays,
        state=MinutesState.CIRCULATED,
        signed_at=None,
        corrections_until__gte=now,
    )
    return rows.select_related("sitting").order_by("corrections_until", "pk")


def visas_to_give(user: Any, term: Term) -> QuerySet[Minutes]:
    """Approved texts that wait for this person's visa."""
    mine = Q(sitting__chair=user.person_id) | Q(sitting__secretary=user.person_id)
    given = Visa.objects.filter(person=user.person_id, voided_at=None).values("minutes")
    return approved(term).filter(mine).exclude(pk__in=given)


def written_by(user: Any, term: Term) -> QuerySet[Minutes]:
    """Open files of a writer, for the colleague who takes them over."""
    closed = [MinutesState.PUBLISHED, MinutesState.ARCHIVED]
    return Minutes.objects.filter(writer=user, sitting__term=term).exclude(state__in=closed)
