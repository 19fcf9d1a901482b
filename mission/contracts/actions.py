"""Orders of a contract: each changes the sums of its contract and lot, in one transaction.

The contract is locked: the second of two concurrent orders blocks until the first commits, then is checked against
what remains. The check constraint of the database refuses whoever writes without these functions.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, ProtectedError
from django.utils.translation import gettext

from assembly.identity.models import User
from assembly.workflow import lock
from mission.contracts.models import Contract, ContractLot, ContractOrder, ContractState
from sessions.expenses.rules import euros


def lock_order(order: ContractOrder) -> None:
    """Lock the contract, then the order, and reload both."""
    lock(order.row, "order")
    if order.pk:
        lock(order, "order")


def check_left(order: ContractOrder, lot: ContractLot | None, amount: Decimal) -> None:
    """Raise ValidationError if the amount of the order exceeds what the ceilings of contract and lot leave."""
    over = []
    for bound in filter(None, (order.row, lot)):
        left = bound.left + (order.amount if order.pk and bound in (order.row, order.lot) else 0)
        if amount > left:
            params = {"name": bound, "left": euros(left), "over": euros(amount - left)}
            text = gettext("Il reste %(left)s à commander sur « %(name)s » : c’est %(over)s de trop.")
            over.append(ValidationError(text, params=params))
    if over:
        raise ValidationError({"amount": over})


def move_amount(order: ContractOrder, lot: ContractLot | None, amount: Decimal) -> None:
    """Subtract the former amount of the order from the sums of contract and lot, and add the new one."""
    before = order.amount if order.pk else Decimal(0)
    Contract.objects.filter(pk=order.row_id).update(ordered=F("ordered") + amount - before)
    if order.lot_id:
        ContractLot.objects.filter(pk=order.lot_id).update(ordered=F("ordered") - before)
    if lot:
        ContractLot.objects.filter(pk=lot.pk).update(ordered=F("ordered") + amount)


def write_order(order: ContractOrder, data: dict[str, Any], by: User) -> dict[str, Any]:
    """Check an order, add it to the sums and return its columns; raise ValidationError if it may not be placed."""
    lock_order(order)
    if order.accepted_on or order.row.state != ContractState.RUNNING:
        raise ValidationError(gettext("On commande sur un contrat en cours ; une commande livrée ne change plus."))
    if lot := data.get("lot"):
        lot.refresh_from_db(fields=["ceiling", "ordered"])
    check_left(order, lot, data["amount"])
    move_amount(order, lot, data["amount"])
    return data


def remove_order(order: ContractOrder, by: User) -> None:
    """Subtract the order from the sums; raise ProtectedError if its delivery is accepted."""
    lock_order(order)
    if order.accepted_on:
        raise ProtectedError("Delivered.", {order})
    move_amount(order, None, Decimal(0))
