"""Register of contracts: its columns, forms, lines and due dates."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.lists import Column, by_choice, column
from assembly.text.french import format_date, format_percent
from mission.contracts.actions import check_left, remove_order, write_order
from mission.contracts.models import Contract, ContractLot, ContractOrder
from mission.contracts.models import ContractState as S
from mission.contracts.workflow import STEPS
from mission.registers.declaration import SITTING, Due, Lines, Register, Section, register
from mission.registers.forms import RowLineForm

RUNNING = Q(state=S.RUNNING)


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
        icon="file-text",
        order=40,
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
            Column(_("Titulaire"), lambda row: str(row.holder or row.holder_name), "titulaire"),
            Column(_("Plafond, €"), "ceiling", "plafond", ["ceiling"], number=True),
            Column(_("Commandé, €"), "ordered", "commande", ["ordered"], number=True),
            Column(_("Reste, €"), "left", "reste", number=True),
            column(Contract, "ends_on", "fin"),
        ],
        filters=[by_choice(Contract, "kind", "nature")],
        search=("name", "reference", "holder__name", "holder_name"),
        steps=STEPS,
        path=[S.DRAFT, S.RUNNING, S.ENDED],
        sentence=sentence,
        lines=[
            Lines("lots", ContractLot, _("Lots"), _("Ajouter un lot")).asking(
                ["title", "ceiling"], columns=["title", "ceiling", "ordered"]
            ),
            Lines("commandes", ContractOrder, _("Commandes"), _("Commander")).asking(
                ["lot", "title", "details", "amount", "ordered_on", "sitting", "delivery_on"],
                columns=["title", "lot", "amount", SITTING, "ordered_on", DELIVERY],
                order=["-ordered_on", "-pk"],
                form=ContractOrderForm,
                write=write_order,
                remove=remove_order,
                helps={"details": _("Quantités et prix, une ligne chacune.")},
            ),
        ],
        dues=[
            Due("due_on", _("Reconduire ou non\u00a0: %(name)s"), 90, RUNNING),
            Due("ends_on", _("Fin du contrat\u00a0: %(name)s"), 60, RUNNING),
            Due("delivery_on", _("Accepter une livraison\u00a0: %(name)s"), 3, Q(accepted_on=None), "commandes"),
        ],
    )
)
