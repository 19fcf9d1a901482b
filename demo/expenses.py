"""Costs of plenaries for those who came: rates of the council, sixty claims a plenary, a batch for finance of each."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw

from assembly.files.fields import CheckedFile
from assembly.notifications.models import Way
from demo import sittings
from demo.context import DemoContext, at
from demo.days import at_hour, retell, story_date
from sessions.expenses import actions as expenses
from sessions.expenses.mails import ExpenseAnswer
from sessions.expenses.queries import claimable, lines_of, ready_to_send
from sessions.expenses.workflow import EXPENSE
from sessions.models import ExpenseBatch, ExpenseClaim, ExpenseKind, Invitee, Sitting

RATES = (
    (ExpenseKind.KM, "0.41", True),
    (ExpenseKind.TICKET, "60", False),
    (ExpenseKind.MEAL, "20", False),
    (ExpenseKind.CHILDCARE, "18", False),
)


RETURN_TRIP, LUNCH = "Aller et retour", Decimal("17.50")
# Day of the sitting, day on which the forms came back, how many.
SITTINGS = (
    ("2025-11-29", "2025-12-10", 60),
    ("2026-01-24", "2026-02-04", 60),
    ("2026-03-28", "2026-04-08", 60),
    ("2026-06-27", "2026-07-08", 60),
    ("2026-10-03", "2026-10-14", 60),
)
WITH_FILE = 3


def seed(context: DemoContext) -> None:
    """Pay sixty claims a plenary; of the last one, leave a few to the check; begin a draft of the member."""
    with at("2025-11-03 14:00"):
        for kind, amount, is_flat in RATES:
            expenses.set_rate(
                context.term,
                by=context.lead,
                values={
                    "kind": kind,
                    "amount": Decimal(amount),
                    "is_flat": is_flat,
                    "valid_from": story_date("2025-11-01"),
                    "valid_to": None,
                    "decision_reference": retell("2025-10-D118"),
                    "decided_on": story_date("2025-10-16"),
                },
            )
    for day, filed_on, count in SITTINGS[:-1]:
        gather(context, file_claims(context, day, filed_on, count), filed_on)
    day, filed_on, count = SITTINGS[-1]
    claims = file_claims(context, day, filed_on, count)
    with at("2026-10-20 09:00"):
        expenses.send_back(claims[0], reason="Joignez le ticket du parking, s’il vous plaît.", by=context.lead)
        expenses.refuse(claims[1], reason="La navette vous a pris en charge ce jour-là.", by=context.lead)
    gather(context, claims[2:-3], "2026-10-21")
    with at("2026-11-23 09:30"):
        EXPENSE.transition(claims[-1], "check", by=context.lead)
    sittings.mark_remaining_sent(context, ExpenseAnswer.kind, ways=(Way.EMAIL, Way.PAPER))
    begin_own(context)


def sitting_on(context: DemoContext, day: str) -> Sitting:
    return Sitting.objects.get(term=context.term, committee=None, starts_at__date=story_date(day))


def attended(context: DemoContext, sitting: Sitting) -> list[Invitee]:
    """List who came, except the member whose pages are shown."""
    rows = Invitee.objects.filter(sitting=sitting, is_member=True, stays__voided_at=None, stays__isnull=False)
    rows = rows.exclude(person=context.users["member"].person).distinct()
    return list(rows.select_related("person", "sitting__term__assembly").order_by("pk"))


def file_claims(context: DemoContext, day: str, filed_on: str, count: int) -> list[ExpenseClaim]:
    """Enter the forms of a sitting; the first ones come with the file of their receipt, the others on paper."""
    people = attended(context, sitting_on(context, day))[:count]
    return [
        *(file_claim(context, invitee, f"{filed_on} 10:00") for invitee in people[:WITH_FILE]),
        *(file_paper(context, invitee, filed_on) for invitee in people[WITH_FILE:]),
    ]


def file_paper(context: DemoContext, invitee: Invitee, filed_on: str) -> ExpenseClaim:
    """Enter a form with its receipts on paper, in one go."""
    lines: list[dict[str, Any]] = [{"kind": ExpenseKind.KM, "quantity": distance_of(invitee), "label": RETURN_TRIP}]
    if invitee.pk % 2:
        lines.append({"kind": ExpenseKind.MEAL, "quantity": Decimal(1), "cost": LUNCH})
    with at(f"{filed_on} 11:00"):
        return expenses.enter_from_paper(
            invitee, by=context.officer, via="paper", received_on=story_date(filed_on), lines=lines
        )


def distance_of(invitee: Invitee) -> Decimal:
    return Decimal(24 + invitee.pk % 9 * 14)


def file_claim(context: DemoContext, invitee: Invitee, on: str) -> ExpenseClaim:
    """Enter a form expense by expense: kilometres, and lunch for one in two with the file of its receipt."""
    with at(on):
        claim = expenses.start(invitee, via="paper", by=context.officer)
        distance = distance_of(invitee)
        expenses.write_line(claim, kind=ExpenseKind.KM, quantity=distance, label=RETURN_TRIP, by=context.officer)
        if invitee.pk % 2:
            one = Decimal(1)
            expenses.write_line(
                claim, kind=ExpenseKind.MEAL, quantity=one, cost=LUNCH, voucher=ticket(), by=context.officer
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
    paid_on = story_date(on) + timedelta(days=18)
    with at(at_hour(paid_on, "11:00")):
        expenses.pay_batch(
            batch, paid_on=paid_on, payment_reference=f"MP-{paid_on:%Y}-{batch.pk:04d}", by=context.lead
        )
    return batch


def begin_own(context: DemoContext) -> None:
    """Begin the member's own draft, with a lunch whose ticket is not attached yet."""
    member = context.users["member"]
    last = claimable(member).filter(sitting__committee=None).first()
    if last is None:
        raise RuntimeError("The demonstration's member came to no plenary that was held.")
    with at("2026-11-24 18:30"):
        claim = expenses.start(last, by=member)
        expenses.write_line(
            claim, kind=ExpenseKind.KM, quantity=Decimal(84), label="Revel – Toulouse, aller et retour", by=member
        )
        expenses.write_line(claim, kind=ExpenseKind.MEAL, quantity=Decimal(1), cost=Decimal("15.90"), by=member)
