"""What is committed and spent, each euro once, and what sittings cost (defined in the README of the mission)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from assembly.institution.models import Term
from mission.budget.enums import EntryKind
from mission.budget.models import BudgetEntry, BudgetLine
from mission.contracts.models import ContractOrder
from sessions.enums import ExpenseState, SittingKind
from sessions.models import Attendance, ExpenseLine, Sitting
from sessions.models.expense import IN_BATCH
from sessions.models.sitting import HELD

MONEY = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Value(Decimal("0.00"), output_field=MONEY)


def summed(rows: QuerySet[Any], by: str) -> Coalesce:
    """The sum of `amount`, of the rows that share `by` with the row outside."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Sum("amount")).values("n")), NOTHING)


def with_sums(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`committed`: orders not yet delivered and entries committed. `spent`: orders whose delivery is accepted, entries
    spent and, on the operation that takes them, expense claims in the batches sent to finance that year, refused ones
    left out. `used`: both."""
    entries = BudgetEntry.objects.filter(row=OuterRef("pk"))
    orders = ContractOrder.objects.filter(
        row__budget_lines__row=OuterRef("pk"), ordered_on__year=F("row__budget_lines__year")
    )
    claims = ExpenseLine.objects.filter(
        claim__state__in=IN_BATCH,
        claim__batch__term__assembly=OuterRef("assembly"),
        claim__batch__made_at__year=OuterRef("year"),
    )
    tied = "row__budget_lines__row"
    batches = Case(
        When(takes_expenses=True, then=summed(claims, "claim__batch__term__assembly")),
        default=NOTHING,
        output_field=MONEY,
    )
    return rows.annotate(
        committed=summed(orders.filter(accepted_on=None), tied)
        + summed(entries.filter(kind=EntryKind.COMMITTED), "row"),
        spent=summed(orders.filter(accepted_on__isnull=False), tied)
        + summed(entries.filter(kind=EntryKind.SPENT), "row")
        + batches,
        used=F("committed") + F("spent"),
    )


def sums_by_year(rows: QuerySet[BudgetLine]) -> Iterable[Any]:
    """Of rows `with_sums`, the totals of each year, the last one first."""
    return (
        rows.order_by()
        .values("year")
        .annotate(all_planned=Sum("planned"), all_committed=Sum("committed"), all_spent=Sum("spent"))
        .order_by("-year")
    )


@dataclass(frozen=True)
class Cost:
    """What sittings cost together, over how many of them, members who came and hours that members were there."""

    total: Decimal
    sittings: int
    members: int
    hours: Decimal

    @property
    def of_sitting(self) -> Decimal | None:
        """The cost of a plenary: the total over the plenaries held. None of none."""
        return ratio(self.total, self.sittings)

    @property
    def of_member(self) -> Decimal | None:
        """The cost of a member: the total over the members who came at least once."""
        return ratio(self.total, self.members)

    @property
    def of_hour(self) -> Decimal | None:
        """The cost of a participant-hour: the total over the hours that members were there, each counted."""
        return ratio(self.total, self.hours)


def ratio(total: Decimal, number: Decimal | int) -> Decimal | None:
    return (total / number).quantize(Decimal("0.01")) if number else None


def with_cost(sittings: QuerySet[Sitting]) -> QuerySet[Any]:
    """`cost` of each sitting: the claims of its members that were checked, the orders and the entries tied to it."""
    owed = [ExpenseState.CHECKED, *IN_BATCH]
    claims = ExpenseLine.objects.filter(claim__invitee__sitting=OuterRef("pk"), claim__state__in=owed)
    return sittings.annotate(
        cost=summed(claims, "claim__invitee__sitting")
        + summed(ContractOrder.objects.filter(sitting=OuterRef("pk")), "sitting")
        + summed(BudgetEntry.objects.filter(sitting=OuterRef("pk")), "sitting")
    )


def plenaries(term: Term, since: date | None = None, until: date | None = None) -> QuerySet[Sitting]:
    """Those of a term that were held between two days, both included."""
    days = {"starts_at__date__gte": since, "starts_at__date__lte": until}
    rows = Sitting.objects.filter(term=term, kind=SittingKind.PLENARY, state__in=HELD)
    return rows.filter(**{name: day for name, day in days.items() if day})


def cost_of(sittings: QuerySet[Sitting]) -> Cost:
    """Of these sittings, in two statements. A stay without a departure has no hours; guests and team have none."""
    stays = Attendance.objects.filter(
        invitee__sitting__in=sittings.values("pk"), invitee__is_member=True, voided_at=None, left_at__isnull=False
    )
    money = with_cost(sittings).order_by().aggregate(total=Sum("cost"), sittings=Count("pk"))
    there = stays.aggregate(time=Sum(F("left_at") - F("arrived_at")), members=Count("invitee__person", distinct=True))
    hours = Decimal((there["time"] or timedelta()) // timedelta(seconds=1)) / 3600
    return Cost(money["total"] or Decimal(0), money["sittings"], there["members"], hours)
