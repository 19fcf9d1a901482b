"""The path of an operation, and what closes or exceeds it. The README of the mission carries the same table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import ReasonForm
from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.workflow import share
from mission.budget.enums import BudgetState as S
from mission.budget.models import BudgetLine, OfYear
from mission.registers.declaration import registers
from mission.registers.moves import Move
from mission.registers.refusals import checks_in_words
from mission.registers.rules import holders

LEAD = holders(Role.LEAD, _("responsable"))


class AllowForm(ReasonForm):
    """How far the operation may go, all in all."""

    allowed = forms.DecimalField(label=_("Autorisé jusqu’à, en euros"), max_digits=12, decimal_places=2)
    field_order = ["allowed", "reason"]

    def clean_allowed(self) -> Any:
        if self.cleaned_data["allowed"] <= self.row.planned:
            raise ValidationError(_("Le montant autorisé est plus grand que le montant prévu."))
        return self.cleaned_data["allowed"]


@checks_in_words
def allow(row: BudgetLine, user: User, data: dict[str, Any]) -> None:
    """Who decided, when and why stay with the operation."""
    decision = {"allowed_by": user, "allowed_on": timezone.localdate(), "allowed_why": data["reason"]}
    registers["budget"].workflow.transition(
        row, "allow", by=user, reason=data["reason"], allowed=data["allowed"], **decision
    )


def is_open(line: OfYear) -> bool:
    """Until the transaction ends: closing the operation waits for it."""
    return share(BudgetLine.objects.filter(pk=line.row_id).exclude(state=S.CLOSED)) is not None


def write_of_year(line: OfYear, data: dict[str, Any], by: User) -> dict[str, Any]:
    """A line has the year of its operation, which is not closed."""
    if not is_open(line):
        raise ValidationError(gettext("L’opération est close : rien ne s’y ajoute et rien n’y change."))
    return {**data, "year": line.row.year}


def remove_of_year(line: OfYear, by: User) -> None:
    if not is_open(line):
        raise ProtectedError("Closed.", {line})


MOVES = [
    Move(
        slug="ouvrir",
        verb="open",
        sources={S.DRAFT},
        target=S.OPEN,
        label=_("Ouvrir"),
        question=_("Le budget de cette opération est-il voté ?"),
        done=_("L’opération est ouverte."),
        says=_("a ouvert l’opération"),
        by=LEAD,
        primary=True,
    ),
    Move(
        slug="depassement",
        verb="allow",
        sources={S.OPEN},
        target=None,
        label=_("Décider d’un dépassement"),
        question=_("Jusqu’à quel montant cette opération peut-elle aller ?"),
        done=_("Le dépassement est décidé."),
        says=_("a décidé d’un dépassement"),
        by=LEAD,
        reason=True,
        form=AllowForm,
        run=allow,
    ),
    Move(
        slug="clore",
        verb="close",
        sources={S.OPEN},
        target=S.CLOSED,
        label=_("Clore"),
        question=_("Clore cette opération ?"),
        done=_("L’opération est close."),
        says=_("a clos l’opération"),
        by=LEAD,
    ),
    Move(
        slug="rouvrir",
        verb="reopen",
        sources={S.CLOSED},
        target=S.OPEN,
        label=_("Rouvrir"),
        question=_("Rouvrir cette opération ?"),
        done=_("L’opération est rouverte."),
        says=_("a rouvert l’opération"),
        by=LEAD,
        reason=True,
    ),
]
