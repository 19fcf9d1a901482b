"""The cost of a plenary, of a member and of a participant-hour, computed by hand beside."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from mission.budget.queries import Cost, cost_of, plenaries, with_cost
from sessions.models import ExpenseLine, ExpenseRate
from tests.factories.life import ExpenseClaimFactory, ExpenseRateFactory
from tests.factories.mission import BudgetLineFactory, ContractFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory
from tests.mission.budget.test_sums import entry
from tests.mission.contracts.test_ceilings import order

SPRING, AUTUMN = datetime(2026, 3, 28, 8, tzinfo=UTC), datetime(2026, 10, 3, 8, tzinfo=UTC)


def came(sitting, person=None, hours=(6,), **invitee):
    """Somebody there for so many hours, stay after stay."""
    known = {"person": person} if person else {}
    made, at = InviteeFactory(sitting=sitting, **known, **invitee), sitting.starts_at
    for length in hours:
        until = at + timedelta(hours=length)
        AttendanceFactory(invitee=made, arrived_at=at, left_at=until)
        at = until + timedelta(minutes=5)
    return made


def claim(invitee, state, amount):
    made = ExpenseClaimFactory(invitee=invitee, term=invitee.sitting.term)
    rate = ExpenseRate.objects.first() or ExpenseRateFactory(term=made.term)
    ExpenseLine.objects.create(claim=made, rate=rate, quantity=1, amount=Decimal(amount))
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    type(made).objects.filter(pk=made.pk).update(
        state=state,
        submitted_at=moment,
        checked_at=moment,
        closed_at=moment if state == "refused" else None,
        reason="Non." if state == "refused" else "",
    )


@pytest.fixture
def year(people):
    """Two plenaries and a committee. By hand: spring 1,000 (order) + 250 (entry) + 40 (claim) = 1,290 €, autumn
    600 €; Ana 3 + 2 h and Bo 6 h in spring, Ana 4 h in autumn: 15 h, two members."""
    by, contract, line = people["lead"], ContractFactory(), BudgetLineFactory()
    spring = SittingFactory(held=True, term=people.term, starts_at=SPRING)
    autumn = SittingFactory(held=True, term=people.term, starts_at=AUTUMN)
    committee = SittingFactory(held=True, committee_sitting=True, term=people.term, starts_at=AUTUMN)
    order(contract, by, sitting=spring, amount=Decimal(1000))
    order(contract, by, sitting=autumn, amount=Decimal(600))
    order(contract, by, sitting=committee, amount=Decimal(5000))
    order(contract, by, amount=Decimal(70))  # tied to no sitting
    entry(line, by, sitting=spring, amount=Decimal(250))
    ana = came(spring, hours=(3, 2))
    bo = came(spring)
    came(spring, is_member=False, capacity="experte")
    came(autumn, ana.person, hours=(4,))
    came(committee)
    AttendanceFactory(invitee=InviteeFactory(sitting=autumn), arrived_at=AUTUMN)  # nobody noted the departure
    AttendanceFactory(
        invitee=bo,
        arrived_at=SPRING + timedelta(hours=7),
        left_at=SPRING + timedelta(hours=9),
        voided_at=AUTUMN,
    )
    claim(ana, "checked", "40")
    claim(bo, "refused", "400")
    return spring, autumn


def test_by_hand(year, people, django_assert_num_queries):
    term = people.term
    with django_assert_num_queries(2):
        cost = cost_of(plenaries(term))
    assert cost == Cost(Decimal(1890), 2, 2, Decimal(15))
    assert (cost.of_sitting, cost.of_member, cost.of_hour) == (Decimal("945.00"), Decimal("945.00"), Decimal("126.00"))


def test_each_sitting_and_a_part_of_the_year(year, people):
    spring, autumn = year
    costs = dict(with_cost(plenaries(people.term)).values_list("pk", "cost"))
    assert costs == {spring.pk: Decimal(1290), autumn.pk: Decimal(600)}
    part = cost_of(plenaries(people.term, since=date(2026, 3, 28), until=date(2026, 3, 28)))
    assert part == Cost(Decimal(1290), 1, 2, Decimal(11))
    assert part.of_hour == Decimal("117.27")


def test_of_nothing_there_is_no_cost(people):
    nothing = cost_of(plenaries(people.term))
    assert nothing == Cost(Decimal(0), 0, 0, Decimal(0))
    assert (nothing.of_sitting, nothing.of_member, nothing.of_hour) == (None, None, None)
