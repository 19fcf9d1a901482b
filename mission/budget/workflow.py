"""The path of an operation, and what closes or exceeds it. The README of the mission carries the same table."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import ReasonForm
from assembly.workflow import Transition
from mission.budget.enums import BudgetState as S
from mission.budget.models import BudgetLine
from mission.registers.moves import Move
from mission.registers.rules import LEAD


class AllowForm(ReasonForm):
    """How far the operation may go, all in all."""

    allowed = forms.DecimalField(label=_("Autorisé jusqu’à, en euros"), max_digits=12, decimal_places=2)
    field_order = ["allowed", "reason"]
    mended_by = {"planned": "allowed"}


def decision_kept(row: BudgetLine, taken: Transition) -> dict[str, Any]:
    """Who decided and when stay with the operation, as why does."""
    return {"allowed_by": taken.by, "allowed_on": timezone.localdate()}


MOVES = [
    Move("open", {S.DRAFT}, S.OPEN, LEAD).page(
        "ouvrir", _("Ouvrir"), _("a ouvert l’opération"), _("Le budget de cette opération est-il voté ?")
    ),
    Move("allow", {S.OPEN}, None, LEAD, needs_reason=True, reason_column="allowed_why", changes=decision_kept).page(
        "depassement",
        _("Décider d’un dépassement"),
        _("a décidé d’un dépassement"),
        _("Jusqu’à quel montant cette opération peut-elle aller ?"),
        _("Le dépassement est décidé."),
        form=AllowForm,
    ),
    Move("close", {S.OPEN}, S.CLOSED, LEAD).page("clore", _("Clore"), _("a clos l’opération")),
    Move("reopen", {S.CLOSED}, S.OPEN, LEAD, needs_reason=True).page(
        "rouvrir", _("Rouvrir"), _("a rouvert l’opération"), done=_("L’opération est rouverte.")
    ),
]
