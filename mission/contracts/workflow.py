"""Workflow of a contract, and the visa on its deliveries. The README of the mission has the same table."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepForm
from assembly.workflow import make_guard
from mission.contracts.actions import accept
from mission.contracts.enums import ContractState as S
from mission.contracts.models import ContractOrder
from mission.registers.steps import RegisterStep


class AcceptForm(StepForm):
    order = forms.ModelChoiceField(label=_("Commande livrée"), queryset=ContractOrder.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = self.row.orders.filter(accepted_on=None).order_by("ordered_on", "pk")
        self.fields["order"].queryset = waiting  # type: ignore[attr-defined]  # -- a ModelChoiceField


HAS_DELIVERY = make_guard(
    lambda row: row.orders.filter(accepted_on=None).exists(), _("Aucune commande n’attend de livraison."), "orders"
)
STEPS = [
    RegisterStep("notify", {S.DRAFT}, S.RUNNING).page(
        "notifier",
        _("Notifier"),
        _("a noté la notification du contrat"),
        _("Le contrat est-il notifié au titulaire ?"),
    ),
    RegisterStep("accept", {S.RUNNING, S.ENDED}, None, primary=True, guards=(HAS_DELIVERY,)).page(
        "accepter",
        _("Accepter une livraison"),
        _("a accepté une livraison"),
        _("Quelle livraison acceptez-vous ?"),
        _("La livraison est acceptée."),
        consequences=lambda row: [_("La commande ne change plus : elle compte comme dépensée.")],
        form=AcceptForm,
        action=lambda row, user, data: accept(row, data["order"], by=user),
    ),
    RegisterStep("end", {S.DRAFT, S.RUNNING}, S.ENDED, needs_reason=True).page(
        "terminer",
        _("Mettre fin"),
        _("a mis fin au contrat"),
        _("Mettre fin à ce contrat ?"),
        consequences=lambda row: [
            gettext("Un contrat qui a pris fin ne reprend pas. Ses livraisons peuvent encore être acceptées.")
        ],
    ),
]
