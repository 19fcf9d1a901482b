"""The life of the panel: plenaries missed in a row, claims of expenses."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from sessions.models import Absence, AbsenceCase, ExpenseClaim, ExpenseKind, ExpenseLine, ExpenseRate
from tests.factories.identity import UserFactory
from tests.factories.institution import TermFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory
from tests.factories.traits import Trait

FIRST = datetime(2026, 1, 24, 8, 30, tzinfo=UTC)


def plenaries(term, count):
    """Make that many plenaries in the past, a month apart, the earliest first."""
    days = [FIRST + timedelta(days=28 * rank) for rank in range(count)]
    return [SittingFactory(term=term, held=True, starts_at=day) for day in days]


def attends(mandate, sittings, pattern):
    """Convene the member to each sitting; `x` came, `a` absent, `e` excused, `r` represented, `-` not convened."""
    kinds = {"a": Absence.ABSENT, "e": Absence.EXCUSED, "r": Absence.REPRESENTED}
    for sitting, mark in zip(sittings, pattern, strict=True):
        if mark == "-":
            continue
        invitee = InviteeFactory(sitting=sitting, person=mandate.member.person, absence=kinds.get(mark, Absence.NONE))
        if mark == "x":
            AttendanceFactory(invitee=invitee, arrived_at=sitting.starts_at, left_at=sitting.ends_at)
    return mandate


class AbsenceCaseFactory(factory.django.DjangoModelFactory):
    """Two plenaries missed, nothing decided."""

    class Meta:
        model = AbsenceCase

    mandate = factory.SubFactory(MandateFactory)
    since = factory.LazyAttribute(lambda case: SittingFactory(term=case.mandate.term, held=True))
    latest = factory.LazyAttribute(
        lambda case: SittingFactory(
            term=case.mandate.term, held=True, starts_at=case.since.starts_at + timedelta(days=28)
        )
    )
    absences = 2
    raised_at = factory.LazyFunction(timezone.now)


class ExpenseRateFactory(factory.django.DjangoModelFactory):
    """0.41 € a kilometre, without voucher. Trait: capped (a meal, 20 € at most)."""

    class Meta:
        model = ExpenseRate
        django_get_or_create = ("term", "kind", "valid_from")

    class Params:
        capped = Trait(kind=ExpenseKind.MEAL, amount=Decimal(20), is_flat=False)

    term = factory.SubFactory(TermFactory)
    kind = ExpenseKind.KM
    amount = Decimal("0.41")
    is_flat = True
    valid_from = date(2025, 11, 1)
    decision_reference = "2025-11-042"
    decided_on = date(2025, 10, 20)


def attended(person, **sitting):
    """Return the invitation of a person who attended a past plenary."""
    invitee = InviteeFactory(sitting=SittingFactory(held=True, **sitting), person=person)
    AttendanceFactory(invitee=invitee, arrived_at=invitee.sitting.starts_at, left_at=invitee.sitting.ends_at)
    return invitee


class ExpenseClaimFactory(factory.django.DjangoModelFactory):
    """A draft of somebody who came, without a line. `person=` says whose."""

    class Meta:
        model = ExpenseClaim
        exclude = ["person"]

    person = factory.LazyFunction(lambda: UserFactory().person)
    invitee = factory.LazyAttribute(lambda claim: attended(claim.person))
    term = factory.SelfAttribute("invitee.sitting.term")
    reference = factory.Sequence(lambda n: f"AC2-RF-2025-{n:03d}")
    created_by = factory.SubFactory(UserFactory)


def claim_with_lines(person, *, state="draft", km="84"):
    """Return a claim with one flat line, in that state."""
    claim = ExpenseClaimFactory(person=person)
    known = ExpenseRate.objects.filter(term=claim.term, kind=ExpenseKind.KM).first()
    rate = known or ExpenseRateFactory(term=claim.term)
    amount = (rate.amount * Decimal(km)).quantize(Decimal("0.01"))
    ExpenseLine.objects.create(claim=claim, rate=rate, quantity=Decimal(km), amount=amount)
    return at_state(claim, state)


def at_state(claim, state):
    """Write the state, with the columns that it implies."""
    from sessions.models import ExpenseBatch

    now = timezone.now()
    values = {"state": state}
    if state not in {"draft", "withdrawn"}:
        values["submitted_at"] = now
    if state in {"checked", "sent", "paid"}:
        values["checked_at"] = now
    if state in {"sent", "paid"}:
        reference = f"AC2-LR-2025-{claim.pk:02d}"
        values["batch"] = ExpenseBatch.objects.create(
            term=claim.term, reference=reference, made_at=now, made_by=claim.created_by, count=1, total=Decimal(1)
        )
    if state in {"paid", "refused", "withdrawn"}:
        values["closed_at"] = now
    if state == "paid":
        values |= {"paid_on": timezone.localdate(), "payment_reference": "M-12"}
    if state in {"returned", "refused"}:
        values["reason"] = "Il manque le ticket."
    ExpenseClaim.objects.filter(pk=claim.pk).update(**values)
    return ExpenseClaim.objects.select_related(
        "term__assembly", "invitee__person", "invitee__sitting__term__assembly", "batch"
    ).get(pk=claim.pk)
