"""Workflow of an operation: opening, closing, exceeding the plan. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from assembly.text.numbers import NumberField
from assembly.workflow import ReasonForm, Step
from mission.budget.models import BudgetState as S
from mission.registers.rules import LEAD


class AllowForm(ReasonForm):
    """Form of a decision to exceed the plan: the highest total amount of the operation."""

    allowed = NumberField(label=_("Autorisé jusqu’à, en euros"), max_digits=12, decimal_places=2)
    field_order = ["allowed", "reason"]
    fields_by_code = {"planned": "allowed"}


STEPS = [
    Step(
        "open",
        {S.DRAFT},
        S.OPEN,
        LEAD,
        history_text=_("a ouvert l’opération"),
        slug="ouvrir",
        label=_("Ouvrir"),
        question=_("Le budget de cette opération est-il voté ?"),
        consequences=[_("Les dépenses peuvent y être inscrites.")],
    ),
    Step(
        "allow",
        {S.OPEN},
        None,
        LEAD,
        history_text=_("a décidé d’un dépassement"),
        reason_column="allowed_why",
        when_column="allowed_on",
        by_column="allowed_by",
        slug="depassement",
        label=_("Décider d’un dépassement"),
        question=_("Jusqu’à quel montant cette opération peut-elle aller ?"),
        success_message=_("Le dépassement est décidé."),
        form=AllowForm,
        consequences=[_("Le montant, le motif et votre nom restent sur la ligne.")],
    ),
    Step(
        "close",
        {S.OPEN},
        S.CLOSED,
        LEAD,
        history_text=_("a clos l’opération"),
        slug="clore",
        label=_("Clore"),
        consequences=[_("Plus aucune dépense ne s’y inscrit. Elle peut être rouverte.")],
    ),
    Step(
        "reopen",
        {S.CLOSED},
        S.OPEN,
        LEAD,
        history_text=_("a rouvert l’opération"),
        needs_reason=True,
        slug="rouvrir",
        label=_("Rouvrir"),
        success_message=_("L’opération est rouverte."),
        consequences=[_("Les dépenses peuvent de nouveau y être inscrites.")],
    ),
]
