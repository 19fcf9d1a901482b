"""Costs of plenaries for those who came: rates of the council, claims in every state, two batches for finance."""

import io
from datetime import date
from decimal import Decimal

from PIL import Image, ImageDraw

from assembly.files.fields import CheckedFile
from demo.context import DemoContext, at
from sessions.expenses import actions as expenses
from sessions.expenses.queries import claimable, lines_of, ready_to_send
from sessions.expenses.workflow import EXPENSE
from sessions.models import ExpenseBatch, ExpenseClaim, ExpenseKind, Invitee, Sitting

RATES = (
    (ExpenseKind.KM, "0.41", True),
    (ExpenseKind.TICKET, "60", False),
    (ExpenseKind.MEAL, "20", False),
    (ExpenseKind.CHILDCARE, "18", False),
)


def seed(context: DemoContext) -> None:
    """Pay the first plenaries, leave the last one to the check, begin a draft of the demonstration's member."""
    with at("2025-11-03 14:00"):
        for kind, amount, is_flat in RATES:
            expenses.set_rate(
                context.term,
                by=context.lead,
                values={
                    "kind": kind,
                    "amount": Decimal(amount),
                    "is_flat": is_flat,
                    "valid_from": date(2025, 11, 1),
                    "valid_to": None,
                    "decision_reference": "2025-10-D118",
                    "decided_on": date(2025, 10, 16),
                },
            )
    installation, spring, autumn = (sitting_on(context, day) for day in ("2025-11-29", "2026-03-28", "2026-10-03"))
    for sitting, on in ((installation, "2025-12-10"), (spring, "2026-04-08")):
        claims = [file_claim(context, invitee, f"{on} 10:00") for invitee in attended(context, sitting)[::19][:5]]
        gather(context, claims, on)
    filed = [file_claim(context, invitee, "2026-10-12 10:00") for invitee in attended(context, autumn)[::11][:6]]
    with at("2026-10-20 09:00"):
        expenses.send_back(filed[0], reason="Joignez le ticket du parking, s’il vous plaît.", by=context.lead)
        expenses.refuse(filed[1], reason="La navette vous a pris en charge ce jour-là.", by=context.lead)
        EXPENSE.transition(filed[2], "check", by=context.lead)
    begin_own(context)


def sitting_on(context: DemoContext, day: str) -> Sitting:
    return Sitting.objects.get(term=context.term, committee=None, starts_at__date=day)


def attended(context: DemoContext, sitting: Sitting) -> list[Invitee]:
    """List who came, except the member whose pages are shown."""
    rows = Invitee.objects.filter(sitting=sitting, is_member=True, stays__voided_at=None, stays__isnull=False)
    rows = rows.exclude(person=context.users["member"].person).distinct()
    return list(rows.select_related("person", "sitting__term__assembly").order_by("pk"))


def file_claim(context: DemoContext, invitee: Invitee, on: str) -> ExpenseClaim:
    """Enter a claim as the officer from a paper form: kilometres, and lunch for one in two."""
    with at(on):
        claim = expenses.start(invitee, via="paper", by=context.officer)
        distance = Decimal(24 + invitee.pk % 9 * 14)
        expenses.write_line(claim, kind=ExpenseKind.KM, quantity=distance, label="Aller et retour", by=context.officer)
        if invitee.pk % 2:
            paid, one = Decimal("17.50"), Decimal(1)
            expenses.write_line(
                claim, kind=ExpenseKind.MEAL, quantity=one, cost=paid, voucher=ticket(), by=context.officer
            )
        total = sum((line.amount for line in lines_of(claim)), Decimal(0))
        expenses.submit(claim, total=total, by=context.officer)
    return claim


def ticket() -> CheckedFile:
    """Draw a receipt, the same each time."""
    picture = Image.new("RGB", (300, 180), "white")
    ImageDraw.Draw(picture).multiline_text((20, 20), "BRASSERIE DU PORT\n\nMenu du jour   17,50 EUR", fill="black")
    target = io.BytesIO()
    picture.save(target, "PNG")
    return CheckedFile("ticket.png", "image/png", target.getvalue(), title="Ticket de repas")


def gather(context: DemoContext, claims: list[ExpenseClaim], on: str) -> ExpenseBatch:
    """Check the claims as the lead, send one batch and pay it."""
    with at(f"{on} 14:00"):
        for claim in claims:
            EXPENSE.transition(claim, "check", by=context.lead)
    with at(f"{on} 15:00"):
        total = sum((claim.total for claim in ready_to_send(context.term)), Decimal(0))  # type: ignore[attr-defined]  # -- annotated by the query
        batch = expenses.make_batch(context.term, total=total, by=context.officer)
    paid_on = date.fromisoformat(on).replace(day=28)
    with at(f"{paid_on} 11:00"):
        expenses.pay_batch(
            batch, paid_on=paid_on, payment_reference=f"MP-{paid_on:%Y}-{batch.pk:04d}", by=context.lead
        )
    return batch


def begin_own(context: DemoContext) -> None:
    """Begin the member's own draft, with a lunch whose ticket is not attached yet."""
    member = context.users["member"]
    last = claimable(member).first()
    if last is None:
        raise RuntimeError("The demonstration's member came to no sitting that was held.")
    with at("2026-11-24 18:30"):
        claim = expenses.start(last, by=member)
        expenses.write_line(
            claim, kind=ExpenseKind.KM, quantity=Decimal(84), label="Revel – Toulouse, aller et retour", by=member
        )
        expenses.write_line(claim, kind=ExpenseKind.MEAL, quantity=Decimal(1), cost=Decimal("15.90"), by=member)
