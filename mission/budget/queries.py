"""Amounts committed and spent, each euro once, and the part of each sitting (defined in the README of the mission)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest

from mission.budget.models import BudgetAlert, BudgetEntry, BudgetLine, EntryKind
from mission.contracts.models import ContractOrder
from sessions.models import ExpenseLine, ExpenseState

MONEY = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Value(Decimal("0.00"), output_field=MONEY)
NEAR, CENT = Decimal("0.8"), Decimal("0.01")
# The first true condition applies. `used` occurs as rarely as possible: each time it is three subqueries a row.
ALERT = Case(
    When(used__lt=Greatest(F("planned") * NEAR, CENT), then=Value("")),
    When(used__lt=F("planned"), then=Value(BudgetAlert.NEAR)),
    When(used__lte=F("allowed"), then=Value(BudgetAlert.ALLOWED)),
    default=Value(BudgetAlert.EXCEEDED),
    output_field=CharField(),
)


def sum_tied_to(rows: QuerySet[Any], by: str) -> Coalesce:
    """Return the subquery that sums `amount` over the rows that share `by` with the outer row; 0.00 without any."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Sum("amount")).values("n")), NOTHING)


def with_sums(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate operations with `committed`, `spent` and `alert`.

    `committed`: orders not yet delivered, and entries committed. `spent`: orders whose delivery is accepted, entries
    spent and, on the operation that takes them, expense claims in the batches sent to finance that year, without the
    refused ones. `alert`: what the sum of both requires.
    """
    entries = BudgetEntry.objects.filter(row=OuterRef("pk"))
    orders = ContractOrder.objects.filter(
        row__budget_lines__row=OuterRef("pk"), ordered_on__year=F("row__budget_lines__year")
    )
    claims = ExpenseLine.objects.filter(
        claim__state__in=ExpenseState.tagged("batched"),
        claim__batch__term__assembly=OuterRef("assembly"),
        claim__batch__made_at__year=OuterRef("year"),
    )
    tied = "row__budget_lines__row"
    batches = Case(
        When(takes_expenses=True, then=sum_tied_to(claims, "claim__batch__term__assembly")),
        default=NOTHING,
        output_field=MONEY,
    )
    return rows.alias(used=sum_tied_to(orders, tied) + sum_tied_to(entries, "row") + batches).annotate(
        committed=sum_tied_to(orders.filter(accepted_on=None), tied)
        + sum_tied_to(entries.filter(kind=EntryKind.COMMITTED), "row"),
        spent=sum_tied_to(orders.filter(accepted_on__isnull=False), tied)
        + sum_tied_to(entries.filter(kind=EntryKind.SPENT), "row")
        + batches,
        alert=ALERT,
    )


def sums_by_year(rows: QuerySet[BudgetLine]) -> Iterable[tuple[int, dict[str, Decimal]]]:
    """Yield each year with its totals, the last year first; the rows come from `with_sums`."""
    years = rows.order_by().values_list("year").annotate(Sum("planned"), Sum("committed"), Sum("spent"))
    for year, planned, committed, spent in years.order_by("-year"):
        left = planned - committed - spent
        yield year, {"planned": planned, "committed": committed, "spent": spent, "left": left}


def orders_of_sitting(day: date) -> Any:
    """Return the subquery of what was ordered for the outer sitting by the end of a day, delivered or not."""
    return sum_tied_to(ContractOrder.objects.filter(sitting=OuterRef("pk"), ordered_on__lte=day), "sitting")


def entries_of_sitting(day: date) -> Any:
    """Return the subquery of the entries tied to the outer sitting by the end of a day, committed or spent."""
    return sum_tied_to(BudgetEntry.objects.filter(sitting=OuterRef("pk"), day__lte=day), "sitting")
