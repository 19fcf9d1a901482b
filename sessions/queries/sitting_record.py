"""Recorded facts of one sitting and what was sent because of it: its steps are refused by them, or show them."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from assembly.notifications.models import Delivery
from sessions.decisions.models import COUNTED
from sessions.enums import AbsenceCaseState, BallotState, ExpenseState
from sessions.models import AbsenceCase, AgendaItem, Attendance, Ballot, Decision, ExpenseClaim, Sitting


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
    return rows.order_by("reference")


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
