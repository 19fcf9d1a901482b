"""Two officers who enter the same pile of claims on paper at the same moment, each on a connection of their own."""

from datetime import date
from decimal import Decimal

import pytest

from sessions.expenses import actions as expenses
from sessions.models import ExpenseClaim
from tests.factories.life import ExpenseRateFactory, attended
from tests.mission.rooms.test_at_once import both

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_claim_is_entered_and_the_second_officer_is_told(people):
    ExpenseRateFactory()
    invitee = attended(people["member"].person)
    typed = {
        "via": "paper",
        "received_on": date(2025, 12, 20),
        "lines": [{"kind": "km", "quantity": Decimal(84), "cost": None}],
    }
    officers = [people["officer"], people["lead"]]
    answer = both(*(lambda by=by: expenses.enter_from_paper(invitee, by=by, **typed) for by in officers))
    assert "Une demande existe déjà" in str(answer)
    claim = ExpenseClaim.objects.get()
    assert (claim.state, claim.submitted_by, claim.lines.count()) == ("submitted", officers[0], 1)
