"""Expense rates, each by a decision of the council: set, corrected while no claim uses them, ended."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.workflow import lock
from sessions.enums import ExpenseState
from sessions.expenses import rules
from sessions.models import ExpenseClaim, ExpenseRate


def is_used(rate: ExpenseRate) -> bool:
    """Return whether a claim that was submitted uses this rate."""
    claims = ExpenseClaim.objects.open().filter(lines__rate=rate)
    return claims.exclude(state__in=ExpenseState.tagged("editable")).exists()


@transaction.atomic
def set_rate(term: Term, *, by: User, values: dict[str, Any], rate: ExpenseRate | None = None) -> ExpenseRate:
    """Write a rate; of one in use only the last day may change, and not to a day before those claims."""
    if not rules.can_set_rates(by, term):
        raise PermissionDenied
    row = lock(rate) if rate else ExpenseRate(term=term)
    if rate and is_used(rate):
        check_only_end_changes(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    record("expense.rate_set", row, by=by, dossier=term, kind=row.kind, amount=row.amount, valid_from=row.valid_from)
    return row


def check_only_end_changes(rate: ExpenseRate, values: dict[str, Any]) -> None:
    changed = {name for name, value in values.items() if getattr(rate, name) != value}
    if changed - {"valid_to"}:
        raise ValidationError(
            _("Des demandes ont été calculées avec ce taux : mettez-lui une fin, puis ajoutez le nouveau."),
            code="valid_to",
        )
    last = values.get("valid_to")
    served = ExpenseClaim.objects.open().filter(lines__rate=rate).exclude(state__in=ExpenseState.tagged("editable"))
    if last and served.filter(invitee__sitting__starts_at__date__gt=last).exists():
        raise ValidationError(_("Une demande d’une séance plus tardive utilise ce taux."), code="valid_to")
