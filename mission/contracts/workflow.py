"""Workflow of a contract, and the visa on its deliveries. The README of the mission has the same table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.models import User
from assembly.workflow import Step, StepForm, make_guard
from mission.contracts.models import Contract, ContractOrder, ContractState as S
from mission.registers.declaration import registers
from mission.registers.rules import TEAM


@transaction.atomic
def accept(contract: Contract, order: ContractOrder, *, by: User) -> None:
    """Put the visa on a delivery; raise ValidationError if the order has one or is of another contract."""
    workflow = registers["contracts"].workflow
    step = workflow.require(contract, "accept", by=by)
    waiting = ContractOrder.objects.filter(pk=order.pk, row=contract, accepted_on=None)
    if not waiting.update(accepted_on=timezone.localdate(), version=F("version") + 1):
        raise ValidationError(gettext("Cette livraison est déjà acceptée."))
    workflow.take(contract, step, by=by, facts={"order": order.pk, "title": order.title})


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
    Step(
        "notify",
        {S.DRAFT},
        S.RUNNING,
        TEAM,
        history_text=_("a noté la notification du contrat"),
        slug="notifier",
        label=_("Notifier"),
        question=_("Le contrat est-il notifié au titulaire ?"),
    ),
    Step(
        "accept",
        {S.RUNNING, S.ENDED},
        None,
        TEAM,
        history_text=_("a accepté une livraison"),
        primary=True,
        guards=(HAS_DELIVERY,),
        slug="accepter",
        label=_("Accepter une livraison"),
        question=_("Quelle livraison acceptez-vous ?"),
        success_message=_("La livraison est acceptée."),
        consequences=[_("La commande ne change plus : elle compte comme dépensée.")],
        form=AcceptForm,
        action=accept,
    ),
    Step(
        "end",
        {S.DRAFT, S.RUNNING},
        S.ENDED,
        TEAM,
        history_text=_("a mis fin au contrat"),
        needs_reason=True,
        slug="terminer",
        label=_("Mettre fin"),
        question=_("Mettre fin à ce contrat ?"),
        consequences=[_("Un contrat qui a pris fin ne reprend pas. Ses livraisons peuvent encore être acceptées.")],
    ),
]
