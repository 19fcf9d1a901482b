"""Absences in a row, certificates of mandates, expenses: read by expectations.py, one line a route."""

from datetime import timedelta

from django.utils import timezone

from members.consents.mails import leaving_token
from sessions.models import ExpenseClaim, ExpenseLine, Via
from tests.factories.life import (
    AbsenceCaseFactory,
    ExpenseRateFactory,
    at_state,
    attended,
    attends,
    claim_with_lines,
    plenaries,
)
from tests.factories.members import AlumniConsentFactory, mandate_of
from tests.security.routes import ANYONE, MEMBERS, TEAM, Route

LINE = {"kind": "km", "quantity": "12,5"}
RATE = {
    "kind": "meal",
    "amount": "20",
    "valid_from": "2026-01-01",
    "decision_reference": "2025-12-D9",
    "decided_on": "2025-12-18",
}


def case(p, state="raised", **more):
    columns = {"answer_by": timezone.localdate() - timedelta(days=1)} if state in {"procedure", "ended"} else {}
    columns |= {"reason": "Appelée."} if state == "dismissed" else {}
    return AbsenceCaseFactory(mandate=mandate_of(p), absences=3, state=state, **columns, **more)


def case_at(state, **more):
    return lambda p: {"pk": case(p, state).pk, **more}


def sat(p):
    """Make the mandate of people["member"], who attended one plenary."""
    mandate = mandate_of(p)
    attends(mandate, plenaries(p.term, 1), "x")
    return mandate


def my_claim(state, **more):
    return lambda p: {"pk": claim_with_lines(p["member"].person, state=state).pk, **more}


def entered(p, state="draft"):
    """Make a claim of people["member"] entered by the team, which may read it from the beginning."""
    claim = claim_with_lines(p["member"].person, state=state)
    ExpenseClaim.objects.filter(pk=claim.pk).update(via=Via.PAPER, submitted_by=None)
    return ExpenseClaim.objects.get(pk=claim.pk)


def desk_claim(state="draft", **more):
    return lambda p: {"pk": entered(p, state).pk, **more}


def with_line(made):
    """Return a function that makes the claim and gives it with its line."""

    def of(p):
        keys = made(p)
        return {**keys, "line": ExpenseLine.objects.get(claim=keys["pk"]).pk}

    return of


def batch(p):
    return {"pk": at_state(claim_with_lines(p["member"].person), "sent").batch_id}


def claimable(p):
    ExpenseRateFactory()
    return attended(p["member"].person)


def attended_mandate(p):
    """Make the mandate of a person who attended and has made no claim yet."""
    mandate = mandate_of(p)
    claimable(p)
    return {"pk": mandate.pk}


def left_link(p):
    consent = AlumniConsentFactory(mandate=mandate_of(p))
    return {"token": leaving_token(consent)}


ROUTES = {
    "members:alumni": Route(get=TEAM),
    "members:alumni-contacts": Route(post=TEAM),
    "members:member-alumni": Route(
        get=TEAM, post=TEAM, of=lambda p: {"pk": mandate_of(p).pk}, data={"agrees": "oui", "received": "phone"}
    ),
    "members:my-alumni": Route(
        get="member", post="member", of=lambda p: {} if mandate_of(p) else {}, data={"agrees": "oui"}
    ),
    # Whoever holds the link of the message needs no account: the token is the whole right.
    "members:alumni-leave": Route(get=ANYONE, post=ANYONE, of=left_link, crosses=True),
    "sittings:absences": Route(get=TEAM),
    "sittings:absence-case": Route(get=TEAM, of=case_at("raised")),
    "sittings:absence-step": Route(
        get=TEAM, post=TEAM, of=case_at("raised", slug="classer"), data={"reason": "Elle a téléphoné."}
    ),
    "sittings:mandate-certificate": Route(get=TEAM, of=lambda p: {"pk": sat(p).pk}),
    "sittings:my-mandate-certificate": Route(get="member", of=lambda p: {} if sat(p) else {}),
    "sittings:my-expenses": Route(get=MEMBERS),
    "sittings:my-expense-start": Route(post="member", of=lambda p: {"pk": claimable(p).sitting_id}),
    "sittings:my-expense": Route(get="member", of=my_claim("draft")),
    "sittings:my-expense-line-add": Route(get="member", post="member", of=my_claim("draft"), data=LINE),
    "sittings:my-expense-line": Route(get="member", post="member", of=with_line(my_claim("draft")), data=LINE),
    "sittings:my-expense-line-remove": Route(post="member", of=with_line(my_claim("draft"))),
    "sittings:my-expense-step": Route(
        get="member", post="member", of=my_claim("draft", slug="envoyer"), data={"total": "34.44"}
    ),
    "sittings:expenses": Route(get=TEAM),
    "sittings:expenses-export": Route(get=TEAM),
    "sittings:expenses-chosen": Route(get=TEAM, post=TEAM),
    "sittings:expenses-paper": Route(get=TEAM, post=TEAM),
    "sittings:expense-vouchers": Route(post=TEAM, of=desk_claim("submitted")),
    "sittings:expense-sittings": Route(get=TEAM),
    "sittings:expense-sittings-export": Route(get=TEAM),
    "sittings:expense-for": Route(get=TEAM, post=TEAM, of=attended_mandate),
    "sittings:expense-rates": Route(get=TEAM),
    "sittings:expense-rate-add": Route(get="lead", post="lead", data=RATE),
    "sittings:expense-rate": Route(get="lead", post="lead", of=lambda p: {"pk": ExpenseRateFactory().pk}, data=RATE),
    "sittings:expense-batches": Route(get=TEAM),
    "sittings:expense-batch-make": Route(get=TEAM, post=TEAM),
    "sittings:expense-batch": Route(get=TEAM, of=batch),
    "sittings:expense-batch-file": Route(post=TEAM, of=batch),
    "sittings:expense-batch-pay": Route(
        get=TEAM, post=TEAM, of=batch, data={"paid_on": "2026-11-02", "payment_reference": "MP-7"}
    ),
    "sittings:expense": Route(get=TEAM, of=desk_claim()),
    "sittings:expense-line-add": Route(get=TEAM, post=TEAM, of=desk_claim(), data=LINE),
    "sittings:expense-line": Route(get=TEAM, post=TEAM, of=with_line(desk_claim()), data=LINE),
    "sittings:expense-line-remove": Route(post=TEAM, of=with_line(desk_claim())),
    "sittings:expense-step": Route(get=TEAM, post=TEAM, of=desk_claim("submitted", slug="controler")),
}
