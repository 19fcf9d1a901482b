"""Cost of a sitting: amounts of each app, summed by sitting. The budget adds its own source."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from assembly.indicators.counting import end_of
from assembly.text.french import Label
from sessions.enums import ExpenseState
from sessions.models import ExpenseLine

MONEY = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class CostSource:
    """`amount` is an expression for the sitting of an outer query (`OuterRef("pk")`), at the end of a day."""

    key: str
    label: Label
    amount: Callable[[date], Any]


_sources: dict[str, CostSource] = {}


def add_cost_source(source: CostSource) -> None:
    _sources[source.key] = source


def cost_of_sitting(day: date) -> Any:
    """Return the sum of every source, for the sitting of each row."""
    total: Any = Value(Decimal(0), MONEY)
    for source in _sources.values():
        total = total + Coalesce(source.amount(day), Value(Decimal(0), MONEY), output_field=MONEY)
    return total


def refunds(day: date) -> Subquery:
    """Return the expenses that had been sent to finance by that day, or were refused only later."""
    later = Q(claim__state=ExpenseState.REFUSED, claim__closed_at__gte=end_of(day))
    lines = ExpenseLine.objects.filter(
        Q(claim__state__in=ExpenseState.tagged("batched")) | later,
        claim__invitee__sitting=OuterRef("pk"),
        claim__batch__made_at__lt=end_of(day),
    ).order_by()
    return Subquery(lines.values("claim__invitee__sitting").annotate(n=Sum("amount")).values("n"), output_field=MONEY)
