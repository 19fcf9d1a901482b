"""Minutes in the to-do lists (« À faire »)."""

from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from sessions.enums import AgendaKind, CorrectionState, MinutesKind, MinutesState, SittingState
from sessions.models import AgendaItem, Attendance, Correction, Minutes, MinutesSection, Sitting, Visa


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
