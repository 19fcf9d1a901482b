"""The path of a contract and the visa on its deliveries. The README of the mission carries the same table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepForm
from mission.contracts.actions import accept
from mission.contracts.enums import ContractState as S
from mission.contracts.models import Contract, ContractOrder
from mission.registers.moves import Move


class AcceptForm(StepForm):
    order = forms.ModelChoiceField(label=_("Commande livrée"), queryset=ContractOrder.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = self.row.orders.filter(accepted_on=None).order_by("ordered_on", "pk")
        self.fields["order"].queryset = waiting  # type: ignore[attr-defined]  # -- a model choice


def has_delivery(row: Contract) -> None:
    if not row.orders.filter(accepted_on=None).exists():
        raise ValidationError(gettext("Aucune commande n’attend de livraison."), code="orders")


MOVES = [
    Move(
        slug="notifier",
        verb="notify",
        sources={S.DRAFT},
        target=S.RUNNING,
        label=_("Notifier"),
        question=_("Le contrat est-il notifié au titulaire ?"),
        done=_("Le contrat est en cours."),
        says=_("a noté la notification du contrat"),
        participle="notified",
        primary=True,
    ),
    Move(
        slug="accepter",
        verb="accept",
        sources={S.RUNNING, S.ENDED},
        target=None,
        label=_("Accepter une livraison"),
        question=_("Quelle livraison acceptez-vous ?"),
        done=_("La livraison est acceptée."),
        says=_("a accepté une livraison"),
        guards=(has_delivery,),
        lines=lambda row: [_("La commande ne change plus : elle compte comme dépensée.")],
        form=AcceptForm,
        run=lambda row, user, data: accept(row, data["order"], by=user),
        primary=True,
    ),
    Move(
        slug="terminer",
        verb="end",
        sources={S.DRAFT, S.RUNNING},
        target=S.ENDED,
        label=_("Mettre fin"),
        question=_("Mettre fin à ce contrat ?"),
        done=_("Le contrat est terminé."),
        says=_("a mis fin au contrat"),
        reason=True,
    ),
]
