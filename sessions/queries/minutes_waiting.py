"""Minutes that wait for somebody: what the lists « À faire » say."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assembly.institution.models import Term
from sessions.enums import AgendaKind, CorrectionState, MinutesState, SittingState
from sessions.models import AgendaItem, Attendance, Correction, Minutes, MinutesSection, Sitting, Visa
from sessions.models.sitting import ANSWERABLE

WRITING = [MinutesState.DRAFT, MinutesState.INTERNAL_CHECK, MinutesState.VALIDATED]
READING = [MinutesState.CIRCULATED, MinutesState.CORRECTIONS]
ON_DESK = [*WRITING, *READING, MinutesState.APPROVED]
TOLD = ("term", "title", "state", "starts_at", "ends_at", "chair", "secretary")
TOLD_OF_MINUTES = ("sitting", "state", "kind", "due_on", "corrections_until")
SOON = timedelta(days=45)


def for_desk(user: Any, term: Term, now: datetime) -> QuerySet[Sitting]:
    """Sittings that ask something of the team, in one statement: to convene, never opened, minutes under way.

    `asked` counts the corrections without answer, `has_visa` says whether this person gave theirs, `is_written`
    whether there are points to tell and each has its summary.
    """
    points = AgendaItem.objects.filter(sitting=OuterRef("pk"), removed_at=None, is_internal=False)
    points = points.exclude(kind=AgendaKind.BREAK).exclude(parent__is_internal=True)
    told = MinutesSection.objects.filter(agenda_item=OuterRef("pk")).exclude(summary_html="")
    written = Q(Exists(points), ~Exists(points.exclude(Exists(told))))
    asked = Correction.objects.filter(minutes__sitting=OuterRef("pk"), state=CorrectionState.ASKED).order_by()
    visas = Visa.objects.filter(minutes__sitting=OuterRef("pk"), person=user.person_id, voided_at=None)
    wanted = (
        Q(state=SittingState.PLANNED, starts_at__lt=now + SOON)
        | Q(state__in=ANSWERABLE, ends_at__lt=now)
        | Q(state=SittingState.CLOSED, minutes=None)
        | Q(minutes__state__in=ON_DESK)
    )
    return (
        Sitting.objects.filter(wanted, term=term)
        .select_related("minutes")
        .only(*TOLD, *(f"minutes__{name}" for name in TOLD_OF_MINUTES))
        .annotate(
            asked=Coalesce(Subquery(asked.values("minutes").annotate(n=Count("pk")).values("n")), 0),
            has_visa=Exists(visas),
            is_written=ExpressionWrapper(written, BooleanField()),
        )
        .order_by("starts_at", "pk")
    )


def for_person(user: Any, term: Term, now: datetime) -> QuerySet[Minutes]:
    """Texts that this person may still correct or that wait for their visa: those circulated, those approved.

    Who sent a correction has read the text: it waits for the team's answer, no more for this person.
    """
    stays = Attendance.objects.filter(invitee__person=user.person_id, voided_at=None).values("invitee__sitting")
    visas = Visa.objects.filter(minutes=OuterRef("pk"), person=user.person_id, voided_at=None)
    sent = Correction.objects.filter(minutes=OuterRef("pk"), author=user.person_id)
    function = Q(sitting__chair=user.person_id) | Q(sitting__secretary=user.person_id)
    came = Q(sitting__in=stays) | function
    to_read = Q(~Exists(sent), came, state=MinutesState.CIRCULATED, signed_at=None, corrections_until__gte=now)
    to_sign = Q(~Exists(visas), function, state=MinutesState.APPROVED)
    return (
        Minutes.objects.filter(to_read | to_sign, sitting__term=term)
        .select_related("sitting")
        .order_by("corrections_until", "approved_at", "pk")
    )


def written_by(user: Any, term: Term) -> QuerySet[Minutes]:
    """Open files of a writer, for the colleague who takes them over."""
    closed = [MinutesState.PUBLISHED, MinutesState.ARCHIVED]
    return Minutes.objects.filter(writer=user, sitting__term=term).exclude(state__in=closed)
