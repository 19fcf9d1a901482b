"""What a sitting cost by contracts and budget, beside what its members were refunded: computed by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sessions.expenses.queries import cost_of_sitting
from sessions.models import Sitting
from tests.factories.mission import BudgetLineFactory, ContractFactory
from tests.factories.sessions import SittingFactory
from tests.mission.budget.test_sums import entry
from tests.mission.contracts.test_ceilings import order

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = datetime(2026, 3, 28, 8, tzinfo=UTC), datetime(2026, 10, 3, 8, tzinfo=UTC)


def costs(day):
    return dict(Sitting.objects.annotate(cost=cost_of_sitting(day)).values_list("starts_at", "cost"))


def test_orders_and_entries_count_from_their_day(people):
    """By hand: spring 1,000 (order) + 250 (entry) = 1,250 €, autumn 600 €; an order of no sitting is in none."""
    by, contract, line = people["lead"], ContractFactory(), BudgetLineFactory()
    spring = SittingFactory(held=True, term=people.term, starts_at=SPRING)
    autumn = SittingFactory(held=True, term=people.term, starts_at=AUTUMN)
    order(contract, by, sitting=spring, amount=Decimal(1000), ordered_on=date(2026, 2, 1))
    order(contract, by, sitting=autumn, amount=Decimal(600), ordered_on=date(2026, 9, 1))
    order(contract, by, amount=Decimal(70), ordered_on=date(2026, 2, 1))
    entry(line, by, sitting=spring, amount=Decimal(250), day=date(2026, 3, 30))
    assert costs(date(2026, 12, 31)) == {SPRING: Decimal(1250), AUTUMN: Decimal(600)}
    assert costs(date(2026, 3, 29)) == {SPRING: Decimal(1000), AUTUMN: Decimal(0)}
    assert costs(date(2026, 1, 31)) == {SPRING: Decimal(0), AUTUMN: Decimal(0)}
