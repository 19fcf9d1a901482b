"""Amount of a line, amounts and rates as text, rights on rates and claims."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Term
from assembly.institution.rules import is_lead, is_team
from assembly.text.french import format_number
from sessions.expenses.models import CENT
from sessions.models import ExpenseClaim, ExpenseRate, Via


def amount_of(rate: ExpenseRate, quantity: Decimal, cost: Decimal | None) -> Decimal:
    """Return units times the rate, to the cent, halves up; at most the sum paid, unless the rate is flat."""
    worth = (rate.amount * quantity).quantize(CENT, ROUND_HALF_UP)
    return worth if rate.is_flat else min(worth, cost or Decimal(0))


def can_see_expenses(user: Any, term: Term | int) -> bool:
    """Return whether the user may open the list of claims: the team alone (domain.md B)."""
    return is_team(user, term)


def can_set_rates(user: Any, term: Term | int) -> bool:
    return is_lead(user, term)


def is_own_claim(user: Any, claim: ExpenseClaim) -> bool:
    return bool(user.is_active) and user.person_id == claim.invitee.person_id


def can_write_claim(user: Any, claim: ExpenseClaim) -> bool:
    """Return whether it is the user's own claim, or the team's; the state is checked elsewhere."""
    return is_own_claim(user, claim) or is_team(user, claim.term_id)


def can_withdraw_claim(user: Any, claim: ExpenseClaim) -> bool:
    """Return whether the claim may be withdrawn: by its person; by the team, only if it entered it.

    The team answers a claim that a member sent, and does not withdraw it.
    """
    return is_own_claim(user, claim) or claim.via != Via.ACCOUNT and is_team(user, claim.term_id)


def can_check_claim(user: Any, claim: ExpenseClaim) -> bool:
    """Return whether the user is in the team, and neither claimant nor sender: two people for each euro."""
    return is_team(user, claim.term_id) and not is_own_claim(user, claim) and user.pk != claim.submitted_by_id


def bulk_obstacle(claim: Any) -> str:
    """Return why a claim (of `claims_to_check`) is not noted as checked among others; empty where nothing opposes."""
    if claim.unopened:
        return str(_("vous n’avez pas encore ouvert ses justificatifs."))
    if claim.on_paper:
        return str(_("un justificatif est sur papier\u00a0: notez son contrôle sur sa page."))
    if claim.above_rate:
        return str(_("une somme payée dépasse le taux\u00a0: notez son contrôle sur sa page."))
    return ""


def euros(amount: Decimal | None) -> str:
    """Return an amount as « 12,50 € »."""
    return f"{format_number(amount or Decimal(0), 2)}\u00a0€"


def format_rate(rate: ExpenseRate) -> str:
    """Return a rate as « 0,41 € par kilomètre » or « 20 € au plus par repas »."""
    amount = format_number(rate.amount.normalize())
    template = _("%(amount)s\u00a0€ par %(unit)s") if rate.is_flat else _("%(amount)s\u00a0€ au plus par %(unit)s")
    return str(template) % {"amount": amount, "unit": rate.unit}
