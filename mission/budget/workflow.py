"""Workflow of an operation: opening, closing, exceeding the plan. The README of the mission has the same table."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import ReasonForm
from assembly.ui.numbers import NumberField
from mission.budget.enums import BudgetState as S
from mission.registers.rules import LEAD
from mission.registers.steps import RegisterStep


class AllowForm(ReasonForm):
    """Form of a decision to exceed the plan: the highest total amount of the operation."""

    allowed = NumberField(label=_("Autorisé jusqu’à, en euros"), max_digits=12, decimal_places=2)
    field_order = ["allowed", "reason"]
    fields_by_code = {"planned": "allowed"}


STEPS = [
    RegisterStep("open", {S.DRAFT}, S.OPEN, LEAD).page(
        "ouvrir",
        _("Ouvrir"),
        _("a ouvert l’opération"),
        _("Le budget de cette opération est-il voté ?"),
        consequences=lambda row: [gettext("Les dépenses peuvent y être inscrites.")],
    ),
    RegisterStep(
        "allow", {S.OPEN}, None, LEAD, reason_column="allowed_why", when_column="allowed_on", by_column="allowed_by"
    ).page(
        "depassement",
        _("Décider d’un dépassement"),
        _("a décidé d’un dépassement"),
        _("Jusqu’à quel montant cette opération peut-elle aller ?"),
        _("Le dépassement est décidé."),
        form=AllowForm,
        consequences=lambda row: [gettext("Le montant, le motif et votre nom restent sur la ligne.")],
    ),
    RegisterStep("close", {S.OPEN}, S.CLOSED, LEAD).page(
        "clore",
        _("Clore"),
        _("a clos l’opération"),
        consequences=lambda row: [gettext("Plus aucune dépense ne s’y inscrit. Elle peut être rouverte.")],
    ),
    RegisterStep("reopen", {S.CLOSED}, S.OPEN, LEAD, needs_reason=True).page(
        "rouvrir",
        _("Rouvrir"),
        _("a rouvert l’opération"),
        success_message=_("L’opération est rouverte."),
        consequences=lambda row: [gettext("Les dépenses peuvent de nouveau y être inscrites.")],
    ),
]
