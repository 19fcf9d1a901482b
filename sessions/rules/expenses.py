"""What a line is worth, and who may see or write rates and claims."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from assembly.institution.models import Term
from assembly.institution.rules import is_lead, is_team
from sessions.enums import Via
from sessions.models import ExpenseClaim, ExpenseRate
from sessions.models.expense import CENT


def amount_of(rate: ExpenseRate, quantity: Decimal, cost: Decimal | None) -> Decimal:
    """Units times the rate, to the cent, halves up; what was paid, at most, unless the rate is flat."""
    worth = (rate.amount * quantity).quantize(CENT, ROUND_HALF_UP)
    return worth if rate.is_flat else min(worth, cost or Decimal(0))


def can_see_expenses(user: Any, term: Term | int) -> bool:
    """The desk of claims: the team alone (domain.md B)."""
    return is_team(user, term)


def can_set_rates(user: Any, term: Term | int) -> bool:
    return is_lead(user, term)


def is_own_claim(user: Any, claim: ExpenseClaim) -> bool:
    return bool(user.is_active) and user.person_id == claim.invitee.person_id


def can_write_claim(user: Any, claim: ExpenseClaim) -> bool:
    """The person, and the team in the person's name; the state is another question."""
    return is_own_claim(user, claim) or is_team(user, claim.term_id)


def can_withdraw_claim(user: Any, claim: ExpenseClaim) -> bool:
    """The person; the team only what it entered itself: what a member asked for is answered, not taken away."""
    return is_own_claim(user, claim) or claim.via != Via.ACCOUNT and is_team(user, claim.term_id)


def can_check_claim(user: Any, claim: ExpenseClaim) -> bool:
    """Somebody of the team who neither asks for the money nor sent the claim: two people for each euro."""
    return is_team(user, claim.term_id) and not is_own_claim(user, claim) and user.pk != claim.submitted_by_id
