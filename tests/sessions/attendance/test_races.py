"""Absences and expenses by several hands at once, each on a connection of its own."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from sessions.attendance import actions as attendance
from sessions.expenses import actions as expenses
from sessions.models import AbsenceCase, ExpenseBatch, ExpenseClaim, ExpenseLine, Invitee, Sitting
from tests.factories.life import ExpenseRateFactory, attended, attends, claim_with_lines, plenaries
from tests.factories.members import MandateFactory
from tests.sessions.sittings.test_races import HANDS, together

pytestmark = pytest.mark.django_db(transaction=True)


def refused(act):
    """Return the act with its ValidationError turned into a StateConflict, since both are refusals."""

    def tried():
        try:
            act()
        except ValidationError as sentence:
            raise StateConflict(ExpenseClaim(), "start") from sentence

    return tried


def fresh_claim(pk):
    return ExpenseClaim.objects.select_related("term__assembly", "invitee__person", "invitee__sitting").get(pk=pk)


def test_one_claim_for_a_sitting(people):
    ExpenseRateFactory()
    member, pk = people["member"], attended(people["member"].person).pk

    def start():
        expenses.start(Invitee.objects.select_related("sitting__term__assembly", "person").get(pk=pk), by=member)

    assert together(refused(start)).count(None) == 1
    assert ExpenseClaim.objects.count() == 1


def test_a_line_written_while_the_claim_leaves_is_in_it_or_refused(people):
    member = people["member"]
    claim = claim_with_lines(member.person)
    todo = [
        refused(lambda: expenses.submit(fresh_claim(claim.pk), total=Decimal("34.44"), by=member)),
        *[
            refused(lambda: expenses.write_line(fresh_claim(claim.pk), kind="km", quantity=Decimal(1), by=member))
            for _hand in range(HANDS - 1)
        ],
    ]
    together(lambda: todo.pop()())
    claim.refresh_from_db()
    total = sum(ExpenseLine.objects.values_list("amount", flat=True))
    assert claim.state == "draft" or total == Decimal("34.44")


def test_one_batch_holds_each_claim_once(people):
    officer, term = people["officer"], people.term
    for _rank in range(2):
        claim_with_lines(people.make("member", term).person, state="checked")
    met = together(refused(lambda: expenses.make_batch(term, total=Decimal("68.88"), by=officer)))
    assert (met.count(None), ExpenseBatch.objects.count()) == (1, 1)
    assert ExpenseBatch.objects.get().claims.count() == 2


def test_four_reviews_raise_one_alert_and_four_letters_are_one(people):
    officer, mandate = people["officer"], MandateFactory()
    sittings = plenaries(mandate.term, 2)
    attends(mandate, sittings, "aa")
    together(lambda: attendance.update_alerts(Sitting.objects.select_related("term").get(pk=sittings[-1].pk)))
    case = AbsenceCase.objects.get()

    def warn():
        rows = AbsenceCase.objects.select_related("mandate__member__person", "mandate__term__assembly")
        attendance.warn_member(rows.get(pk=case.pk), text="Venez-vous ?", by=officer)

    assert together(warn).count(None) == 1
    assert Delivery.objects.count() == 1
