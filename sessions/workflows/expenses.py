"""State table of expense claims; the README has the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution.rules import is_team
from assembly.workflow import Permission, Step, Transition, Workflow
from sessions.enums import ExpenseState as S
from sessions.models import ExpenseClaim
from sessions.queries.attendance import certifiable_invitees
from sessions.rules.expenses import can_check_claim, can_withdraw_claim, can_write_claim

WRITER: Permission[ExpenseClaim] = Permission(can_write_claim, gettext_lazy("membre ou équipe"))
WITHDRAWER: Permission[ExpenseClaim] = Permission(can_withdraw_claim, gettext_lazy("membre, ou équipe qui l’a saisie"))
CHECKER: Permission[ExpenseClaim] = Permission(can_check_claim, gettext_lazy("équipe, autre que qui l’a envoyée"))
TEAM: Permission[ExpenseClaim] = Permission(lambda user, claim: is_team(user, claim.term_id), gettext_lazy("équipe"))


def check_lines(claim: ExpenseClaim) -> None:
    if not claim.lines.exists():
        raise ValidationError(_("Ajoutez au moins une dépense."), code="lines")


def check_vouchers(claim: ExpenseClaim) -> None:
    """Raise ValidationError unless each expense that needs a voucher has one; a draft may lack it."""
    missing = claim.lines.filter(rate__is_flat=False, voucher=None).count()
    if missing:
        raise ValidationError(_("Joignez le justificatif de chaque dépense payée."), code="voucher")


def check_attendance(claim: ExpenseClaim) -> None:
    """Raise ValidationError if the roll, corrected since the claim was started, has no stay of the person."""
    if not certifiable_invitees(claim.invitee.sitting).filter(pk=claim.invitee_id).exists():
        raise ValidationError(_("La personne n’est pas notée présente à cette séance."), code="attendance")


def submission(claim: ExpenseClaim, taken: Transition) -> dict[str, Any]:
    return {"submitted_at": timezone.now(), "submitted_by": taken.by, "reason": ""}


def closing(claim: ExpenseClaim, taken: Transition) -> dict[str, Any]:
    return {"closed_at": timezone.now()}


EXPENSE: Workflow[ExpenseClaim] = Workflow(
    [
        Step(
            "submit",
            {S.DRAFT, S.RETURNED},
            S.SUBMITTED,
            by=WRITER,
            guards=(check_attendance, check_lines, check_vouchers),
            event_type="expense.submitted",
            history_text=gettext_lazy("a envoyé une demande de remboursement"),
            changes=submission,
        ),
        Step(
            "withdraw",
            {S.DRAFT, S.SUBMITTED, S.RETURNED},
            S.WITHDRAWN,
            by=WITHDRAWER,
            event_type="expense.withdrawn",
            history_text=gettext_lazy("a retiré une demande de remboursement"),
            changes=closing,
        ),
        # The opening of the sitting was a mistake: nobody attended it.
        Step(
            "lapse",
            {S.DRAFT, S.SUBMITTED, S.RETURNED, S.CHECKED},
            S.WITHDRAWN,
            event_type="expense.lapsed",
            history_text=gettext_lazy("a laissé sans objet une demande de remboursement"),
            changes=closing,
        ),
        Step(
            "check",
            {S.SUBMITTED},
            S.CHECKED,
            by=CHECKER,
            guards=(check_attendance,),
            event_type="expense.checked",
            history_text=gettext_lazy("a contrôlé une demande de remboursement"),
            changes=lambda claim, taken: {"checked_at": timezone.now()},
        ),
        Step(
            "return",
            {S.SUBMITTED, S.CHECKED},
            S.RETURNED,
            by=TEAM,
            event_type="expense.returned",
            history_text=gettext_lazy("a demandé de compléter une demande de remboursement"),
            reason_column="reason",
            changes=lambda claim, taken: {"checked_at": None},
        ),
        Step(
            "refuse",
            {S.SUBMITTED, S.CHECKED, S.SENT},
            S.REFUSED,
            by=TEAM,
            event_type="expense.refused",
            history_text=gettext_lazy("a refusé une demande de remboursement"),
            reason_column="reason",
            changes=closing,
        ),
        Step(
            "send",
            {S.CHECKED},
            S.SENT,
            event_type="expense.sent",
            history_text=gettext_lazy("a transmis une demande de remboursement aux finances"),
        ),
        Step(
            "pay",
            {S.SENT},
            S.PAID,
            by=TEAM,
            event_type="expense.paid",
            history_text=gettext_lazy("a noté le paiement d’une demande de remboursement"),
            changes=closing,
        ),
    ],
    dossier=lambda claim: claim.term,
    facts=lambda claim: {"reference": claim.reference},
)
