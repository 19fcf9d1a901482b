"""Claims of expenses: exact amounts, two people for each euro, frozen once sent, gone after ten years."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.documents.models import Blob, Upload
from assembly.files.fields import CheckedFile
from assembly.identity.personal_data import registry
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from sessions.expenses import actions as expenses
from sessions.expenses.rules import amount_of
from sessions.expenses.workflow import EXPENSE
from sessions.models import ExpenseBatch, ExpenseClaim, ExpenseLine, ExpenseRate
from tests.factories.life import ExpenseRateFactory, at_state, attended, claim_with_lines
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.files import pdf

pytestmark = pytest.mark.django_db


def voucher(words="Ticket"):
    return CheckedFile("ticket.pdf", "application/pdf", pdf(words), title="Ticket")


@pytest.mark.parametrize(
    ("amount", "is_flat", "quantity", "cost", "expected"),
    [
        ("0.41", True, "84", None, "34.44"),
        ("0.529", True, "12.5", None, "6.61"),  # 6.6125
        ("0.305", True, "1", None, "0.31"),  # half up, where a float and bankers say 0.30
        ("20", False, "1", "17.50", "17.50"),
        ("20", False, "1", "27.50", "20.00"),
        ("18", False, "3.5", "70", "63.00"),
        ("20", False, "1", None, "0"),
    ],
)
def test_amounts_are_exact(amount, is_flat, quantity, cost, expected):
    rate = ExpenseRate(amount=Decimal(amount), is_flat=is_flat)
    assert amount_of(rate, Decimal(quantity), cost and Decimal(cost)) == Decimal(expected)


def test_the_rate_is_that_of_the_day_of_the_sitting(people):
    invitee = attended(people["member"].person)
    day = timezone.localdate(invitee.sitting.starts_at)
    ExpenseRateFactory(valid_to=day)
    ExpenseRateFactory(valid_from=day + timedelta(days=1), amount=Decimal(1))
    claim = expenses.start(invitee, by=people["member"])
    line = expenses.write_line(claim, kind="km", quantity=Decimal(100), by=people["member"])
    assert line.amount == Decimal(41)
    with pytest.raises(ValidationError):
        expenses.write_line(claim, kind="meal", quantity=Decimal(1), cost=Decimal(9), by=people["member"])


def test_two_rates_never_hold_on_one_day_and_each_has_its_decision(people):
    rate = ExpenseRateFactory(valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    values = {"kind": "km", "amount": Decimal("0.5"), "is_flat": True, "decided_on": date(2026, 5, 1)}
    decided = {"decision_reference": "2026-05-D7"}
    for start, fits in [(date(2026, 6, 30), False), (date(2026, 7, 1), True)]:
        asked = {**values, **decided, "valid_from": start, "valid_to": None}
        if fits:
            expenses.set_rate(rate.term, by=people["lead"], values=asked)
        else:
            with pytest.raises(ValidationError):
                expenses.set_rate(rate.term, by=people["lead"], values=asked)
            with pytest.raises(IntegrityError), transaction.atomic():
                ExpenseRateFactory(valid_from=start, amount=Decimal("0.5"))
    with pytest.raises(ValidationError):
        expenses.set_rate(
            rate.term,
            by=people["lead"],
            values={**values, "decision_reference": "", "valid_from": date(2025, 1, 1), "valid_to": None},
        )
    with pytest.raises(PermissionDenied):
        expenses.set_rate(rate.term, by=people["officer"], values={**values, **decided})


def test_a_rate_that_served_only_gets_its_end(people):
    claim = claim_with_lines(people["member"].person, state="submitted")
    rate = claim.lines.get().rate
    asked = {"kind": "km", "is_flat": True, "valid_from": rate.valid_from, "decided_on": rate.decided_on}
    asked |= {"decision_reference": rate.decision_reference, "amount": rate.amount}
    with pytest.raises(ValidationError):
        expenses.set_rate(
            rate.term, rate=rate, by=people["lead"], values={**asked, "amount": Decimal(9), "valid_to": None}
        )
    early = date(2025, 12, 1)
    with pytest.raises(ValidationError):  # a claim of a later sitting was computed with it
        expenses.set_rate(rate.term, rate=rate, by=people["lead"], values=asked | {"valid_to": early})
    end = date(2026, 12, 31)
    expenses.set_rate(rate.term, rate=rate, by=people["lead"], values=asked | {"valid_to": end})
    assert ExpenseRate.objects.get().valid_to == end
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpenseRate.objects.update(amount=Decimal(9))


def test_only_who_attended_asks_and_once(people):
    ExpenseRateFactory()
    absent = InviteeFactory(sitting=SittingFactory(held=True), person=people["member"].person)
    with pytest.raises(ValidationError):
        expenses.start(absent, by=people["member"])
    invitee = attended(people["member"].person)
    with pytest.raises(PermissionDenied):
        expenses.start(invitee, by=people.make("member", people.term))
    claim = expenses.start(invitee, by=people["officer"], via="paper")
    assert (claim.via, Entry.objects.get(event_type="expense.started").on_behalf_of) == (
        "paper",
        people["member"].person.pseudonym,
    )
    with pytest.raises(ValidationError):
        expenses.start(invitee, by=people["member"])
    EXPENSE.transition(claim, "withdraw", by=people["member"])
    assert expenses.start(invitee, by=people["member"]).reference != claim.reference


def test_a_claim_is_sent_whole_and_with_the_sum_that_was_read(people):
    member = people["member"]
    ExpenseRateFactory()
    ExpenseRateFactory(capped=True)
    claim = expenses.start(attended(member.person), by=member)
    with pytest.raises(ValidationError):  # nothing in it
        expenses.submit(claim, total=Decimal(0), by=member)
    expenses.write_line(claim, kind="km", quantity=Decimal(84), by=member)
    lunch = expenses.write_line(claim, kind="meal", quantity=Decimal(1), cost=Decimal("17.5"), by=member)
    with pytest.raises(ValidationError):  # no voucher
        expenses.submit(claim, total=Decimal("51.94"), by=member)
    expenses.write_line(
        claim, kind="meal", quantity=Decimal(1), cost=Decimal("17.5"), voucher=voucher(), line=lunch, by=member
    )
    with pytest.raises(ValidationError) as refused:
        expenses.submit(claim, total=Decimal("50"), by=member)
    assert refused.value.code == "changed"
    expenses.submit(claim, total=Decimal("51.94"), by=member)
    assert (claim.state, claim.submitted_by) == ("submitted", member)
    for write in (
        lambda: expenses.write_line(claim, kind="km", quantity=Decimal(1), by=member),
        lambda: expenses.remove_line(lunch, by=member),
        lambda: expenses.submit(claim, total=Decimal("51.94"), by=member),
    ):
        with pytest.raises(StateConflict):
            write()
    for change in (
        lambda: ExpenseLine.objects.filter(pk=lunch.pk).update(amount=99),
        lambda: ExpenseLine.objects.filter(pk=lunch.pk).delete(),
        lambda: ExpenseLine.objects.create(claim=claim, rate=lunch.rate, quantity=1, amount=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_voucher_that_is_replaced_or_removed_leaves_no_bytes(people, django_capture_on_commit_callbacks):
    member = people["member"]
    ExpenseRateFactory(capped=True)
    claim = expenses.start(attended(member.person), by=member)
    told = {"kind": "meal", "quantity": Decimal(1), "cost": Decimal(9)}
    line = expenses.write_line(claim, **told, voucher=voucher("Ticket un"), by=member)
    with django_capture_on_commit_callbacks(execute=True):
        expenses.write_line(claim, **told, voucher=voucher("Ticket deux"), line=line, by=member)
    assert (Upload.objects.count(), Blob.objects.count()) == (1, 1)
    line.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        expenses.remove_line(line, by=member)
    assert (Upload.objects.count(), Blob.objects.count(), claim.lines.count()) == (0, 0, 0)


def test_two_people_for_each_euro(people):
    claim = claim_with_lines(people["member"].person)
    expenses.submit(claim, total=Decimal("34.44"), by=people["officer"])
    with pytest.raises(PermissionDenied):
        EXPENSE.transition(claim, "check", by=people["officer"])
    EXPENSE.transition(claim, "check", by=people["lead"])
    own = claim_with_lines(people["lead"].person)
    expenses.submit(own, total=Decimal("34.44"), by=people["lead"])
    with pytest.raises(PermissionDenied):
        EXPENSE.transition(own, "check", by=people["lead"])


def test_the_team_takes_away_only_what_it_entered(people):
    claim = claim_with_lines(people["member"].person, state="submitted")
    with pytest.raises(PermissionDenied):
        EXPENSE.transition(claim, "withdraw", by=people["lead"])
    ExpenseClaim.objects.filter(pk=claim.pk).update(via="paper")
    claim.refresh_from_db()
    EXPENSE.transition(claim, "withdraw", by=people["lead"])
    assert claim.state == "withdrawn"


def test_a_corrected_roll_stops_the_check(people):
    claim = claim_with_lines(people["member"].person, state="submitted")
    claim.invitee.stays.update(voided_at=timezone.now())
    with pytest.raises(ValidationError):
        EXPENSE.transition(claim, "check", by=people["lead"])


def test_what_comes_back_is_told_each_time(people):
    claim = claim_with_lines(people["member"].person)
    for _turn in range(2):
        expenses.submit(claim, total=Decimal("34.44"), by=people["member"])
        expenses.send_back(claim, reason="Joignez le ticket.", by=people["officer"])
    assert [row.context["reason"] for row in Delivery.objects.all()] == ["Joignez le ticket."] * 2
    assert (claim.state, claim.reason) == ("returned", "Joignez le ticket.")
    expenses.submit(claim, total=Decimal("34.44"), by=people["member"])
    expenses.refuse(claim, reason="La navette était offerte.", by=people["officer"])
    assert Delivery.objects.latest("pk").context["state"] == "refused"


def test_one_file_a_batch_and_the_payment_noted(people):
    for _rank in range(3):
        claim_with_lines(people.make("member", people.term).person, state="checked")
    waiting = claim_with_lines(people["member"].person, state="submitted")
    with pytest.raises(ValidationError) as refused:
        expenses.make_batch(people.term, total=Decimal(1), by=people["officer"])
    assert refused.value.code == "changed"
    batch = expenses.make_batch(people.term, total=Decimal("103.32"), by=people["officer"])
    assert (batch.count, batch.total) == (3, Decimal("103.32"))
    assert set(batch.claims.values_list("state", flat=True)) == {"sent"}
    with pytest.raises(ValidationError):
        expenses.make_batch(people.term, total=Decimal(0), by=people["officer"])
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpenseBatch.objects.update(total=Decimal(1))
    one = batch.claims.select_related("term__assembly", "invitee__person").first()
    expenses.refuse(one, reason="Doublon.", by=people["officer"])
    paid = expenses.pay_batch(batch, paid_on=date(2026, 11, 2), payment_reference="MP-7", by=people["officer"])
    assert paid == 2
    assert sorted(batch.claims.values_list("state", flat=True)) == ["paid", "paid", "refused"]
    assert expenses.pay_batch(batch, paid_on=date(2026, 11, 2), payment_reference="MP-7", by=people["officer"]) == 0
    waiting.refresh_from_db()
    assert waiting.state == "submitted"
    with pytest.raises(PermissionDenied):
        expenses.make_batch(people.term, total=Decimal(1), by=people["member"])


def test_who_sees_a_claim(people):
    own = people["member"]
    draft = claim_with_lines(own.person)
    ExpenseClaim.objects.filter(pk=draft.pk).update(created_by=own)
    readers = ["lead", "officer", "facilitator", "member", "president", "dpo", "stranger"]
    assert not ExpenseClaim.objects.visible_to(people.make("member", people.term)).exists()
    seen = {who for who in readers if ExpenseClaim.objects.visible_to(people[who]).exists()}
    assert seen == {"member"}
    at_state(draft, "submitted")
    seen = {who for who in readers if ExpenseClaim.objects.visible_to(people[who]).exists()}
    assert seen == {"member", "lead", "officer"}
    assert not ExpenseClaim.objects.visible_to(people.elsewhere("lead")).exists()


def test_ten_years_later_claims_go_with_their_vouchers(people, django_capture_on_commit_callbacks):
    claim = claim_with_lines(people["member"].person, state="paid")
    kept = claim_with_lines(people.make("member", people.term).person, state="paid")
    past = timezone.now() - timedelta(days=3653)
    ExpenseClaim.objects.filter(pk=claim.pk).update(closed_at=past)
    rule = registry.retentions["sittings.expenses"]
    due = list(rule.find(timezone.now()))
    assert due == [claim]
    with django_capture_on_commit_callbacks(execute=True):
        rule.apply(due[0])
    assert list(ExpenseClaim.objects.all()) == [kept]
    assert ExpenseBatch.objects.count() == 2
