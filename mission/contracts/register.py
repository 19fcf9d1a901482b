"""Register of contracts: its columns, forms, lines and due dates; orders change sums in one transaction.

The contract is locked: the second of two concurrent orders blocks until the first commits, then is checked against
what remains. The check constraint of the database refuses whoever writes without these functions.
"""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, ProtectedError, Q
from django.utils.translation import gettext, gettext_lazy as _, ngettext_lazy

from assembly.identity.models import User
from assembly.lists import Column, by_choice, column
from assembly.text.french import format_date, format_percent
from assembly.workflow import lock
from mission.contracts.models import Contract, ContractLot, ContractOrder, ContractState
from mission.contracts.workflow import STEPS
from mission.registers.declaration import SITTING, Due, Lines, Register, Section, register
from mission.registers.forms import RowLineForm
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


RUNNING = Q(state=ContractState.RUNNING)


class ContractOrderForm(RowLineForm):
    """Form of an order: a lot of the contract, a day within its dates, an amount within its ceilings."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lots: Any = self.fields["lot"]
        lots.queryset = self.row.lots.order_by("pk")
        lots.required = True
        if not lots.queryset.exists():
            del self.fields["lot"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day, amount = data.get("ordered_on"), data.get("amount")
        if day and not self.row.starts_on <= day <= self.row.ends_on:
            self.add_error("ordered_on", _("Ce jour n’est pas de ceux du contrat."))
        if amount:
            check_left(self.instance, data.get("lot"), amount)
        return data


def delivery_label(line: ContractOrder) -> str:
    """Return a label such as « acceptée le 7 avril 2026 » or « attendue le 27 novembre 2026 »."""
    text = gettext("acceptée le %(day)s") if line.accepted_on else gettext("attendue le %(day)s")
    day = line.accepted_on or line.delivery_on
    return text % {"day": format_date(day, weekday=False)} if day else ""


def sentence(row: Contract) -> str:
    """Return the state, and the share of the ceiling that is ordered."""
    params = {"state": row.get_state_display().capitalize(), "share": format_percent(row.ordered, row.ceiling)}
    return gettext("%(state)s, %(share)s du plafond commandé.") % params


DELIVERY = Column(_("Livraison"), delivery_label)
CONTRACTS = register(
    Register(
        key="contracts",
        slug="contrats",
        model=Contract,
        prefix="CT",
        title=_("Contrats"),
        noun_with_article=_("le contrat"),
        counted=ngettext_lazy("%(n)s contrat", "%(n)s contrats", "n"),
        new=_("Ajouter un contrat"),
        empty=_("Assistance, traiteurs, interprètes : leurs plafonds, leurs commandes, leurs fins."),
        order=40,
        tab_of="budget",
        sections=[
            Section(_("Le contrat"), ["name", "kind", "holder", "holder_name", "ceiling"]),
            Section(_("Dates"), ["starts_on", "ends_on", "due_on"]),
        ],
        helps={
            "ceiling": _("Le maximum des commandes, tous lots ensemble."),
            "due_on": _("Jour avant lequel décider de la reconduction."),
        },
        columns=[
            column(Contract, "kind", "nature"),
            column(Contract, "holder", "titulaire", cell=lambda row: str(row.holder or row.holder_name)),
            column(Contract, "ceiling", "plafond"),
            column(Contract, "ordered", "commande"),
            Column(_("Reste, en euros"), "left", "reste", number=True),
            column(Contract, "ends_on", "fin"),
        ],
        filters=[by_choice(Contract, "kind", "nature")],
        search=("name", "reference", "holder__name", "holder_name"),
        steps=STEPS,
        path=[ContractState.DRAFT, ContractState.RUNNING, ContractState.ENDED],
        sentence=sentence,
        lines=[
            Lines("lots", ContractLot, _("Lots"), _("Ajouter un lot")).asking(
                ["title", "ceiling"], columns=["title", "ceiling", "ordered"]
            ),
            Lines("commandes", ContractOrder, _("Commandes"), _("Commander")).asking(
                ["lot", "title", "quantity", "details", "amount", "ordered_on", "sitting", "delivery_on"],
                columns=["title", "quantity", "lot", "amount", SITTING, "ordered_on", DELIVERY],
                order=["-ordered_on", "-pk"],
                form=ContractOrderForm,
                write=write_order,
                remove=remove_order,
                helps={
                    "quantity": _("De repas, d’heures. La page de la séance le compare aux personnes qui viennent."),
                    "details": _("Quantités et prix, une ligne chacune."),
                },
            ),
        ],
        dues=[
            Due("due_on", _("Reconduire ou non\u00a0: %(name)s"), 90, RUNNING, is_early=True),
            Due("ends_on", _("Fin du contrat\u00a0: %(name)s"), 60, RUNNING),
            Due("delivery_on", _("Accepter une livraison\u00a0: %(name)s"), 3, Q(accepted_on=None), "commandes"),
        ],
    )
)
