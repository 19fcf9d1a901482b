"""State table of expense claims; the README has the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.institution.rules import is_team
from assembly.workflow import Permission, Step, Transition, Workflow
from sessions.attendance.queries.presence import certifiable_invitees
from sessions.expenses.forms import PayForm, SubmitForm
from sessions.expenses.rules import can_check_claim, can_withdraw_claim, can_write_claim
from sessions.models import ExpenseClaim, ExpenseState as S

WRITER: Permission[ExpenseClaim] = Permission(can_write_claim, gettext_lazy("membre ou équipe"))
WITHDRAWER: Permission[ExpenseClaim] = Permission(can_withdraw_claim, gettext_lazy("membre, ou équipe qui l’a saisie"))
CHECKER: Permission[ExpenseClaim] = Permission(can_check_claim, gettext_lazy("équipe, autre que qui l’a envoyée"))
TEAM: Permission[ExpenseClaim] = Permission(lambda user, claim: is_team(user, claim.term_id), gettext_lazy("équipe"))


def check_lines(claim: ExpenseClaim) -> None:
    if not claim.lines.exists():
        raise ValidationError(_("Ajoutez au moins une dépense."), code="lines")


def check_vouchers(claim: ExpenseClaim) -> None:
    """Raise ValidationError unless each expense that needs a voucher has one; a draft may lack it."""
    missing = claim.lines.filter(rate__is_flat=False, voucher=None, is_on_paper=False).count()
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
            S.tagged("editable"),
            S.SUBMITTED,
            by=WRITER,
            guards=(check_attendance, check_lines, check_vouchers),
            event_type="expense.submitted",
            history_text=gettext_lazy("a envoyé une demande de remboursement"),
            changes=submission,
            slug="envoyer",
            areas=("member", ""),
            label=_("Envoyer la demande"),
            success_message=_(
                "La demande est envoyée. L’équipe la contrôle, puis la transmet à la direction des finances."
            ),
            form=SubmitForm,
        ),
        Step(
            "check",
            {S.SUBMITTED},
            S.CHECKED,
            by=CHECKER,
            guards=(check_attendance,),
            history_text=gettext_lazy("a contrôlé une demande de remboursement"),
            changes=lambda claim, taken: {"checked_at": timezone.now()},
            slug="controler",
            label=_("Noter le contrôle"),
            question=_("Les justificatifs sont-ils bons ?"),
            success_message=_("La demande est contrôlée. Elle partira avec le prochain lot."),
            consequences=[_("Vous avez lu chaque justificatif, et les montants sont ceux des taux du jour.")],
        ),
        # The opening of the sitting was a mistake: nobody attended it.
        Step(
            "lapse",
            {S.DRAFT, S.SUBMITTED, S.RETURNED, S.CHECKED},
            S.WITHDRAWN,
            history_text=gettext_lazy("a laissé sans objet une demande de remboursement"),
            changes=closing,
        ),
        Step(
            "return",
            {S.SUBMITTED, S.CHECKED},
            S.RETURNED,
            by=TEAM,
            history_text=gettext_lazy("a demandé de compléter une demande de remboursement"),
            reason_column="reason",
            changes=lambda claim, taken: {"checked_at": None},
            slug="completer",
            label=_("Demander de compléter"),
            success_message=_("La personne est prévenue. La demande revient à elle."),
            consequences=[_("La personne reçoit votre message et peut corriger sa demande.")],
        ),
        Step(
            "refuse",
            S.tagged("waiting"),
            S.REFUSED,
            by=TEAM,
            history_text=gettext_lazy("a refusé une demande de remboursement"),
            reason_column="reason",
            changes=closing,
            slug="refuser",
            label=_("Refuser"),
            question=_("Refuser la demande ?"),
            success_message=_("La demande est refusée. La personne est prévenue."),
            consequences=[_("La personne reçoit le motif. Elle peut faire une autre demande.")],
            danger=True,
            fresh=True,
        ),
        Step(
            "pay",
            {S.SENT},
            S.PAID,
            by=TEAM,
            event_type="expense.paid",
            history_text=gettext_lazy("a noté le paiement d’une demande de remboursement"),
            changes=closing,
            slug="payer",
            label=_("Noter le paiement"),
            question=_("Noter le paiement"),
            success_message=_("Le paiement est noté. La personne est prévenue."),
            form=PayForm,
            fresh=True,
        ),
        Step(
            "send",
            {S.CHECKED},
            S.SENT,
            event_type="expense.sent",
            history_text=gettext_lazy("a transmis une demande de remboursement aux finances"),
        ),
        Step(
            "withdraw",
            {S.DRAFT, S.SUBMITTED, S.RETURNED},
            S.WITHDRAWN,
            by=WITHDRAWER,
            event_type="expense.withdrawn",
            history_text=gettext_lazy("a retiré une demande de remboursement"),
            changes=closing,
            slug="retirer",
            areas=("member", ""),
            label=_("Retirer la demande"),
            success_message=_("La demande est retirée. Vous pouvez en commencer une autre pour cette séance."),
            consequences=[_("Rien ne sera remboursé pour cette demande.")],
            danger=True,
        ),
    ],
    dossier=lambda claim: claim.term,
    facts=lambda claim: {"reference": claim.reference},
    noun="expense",
)
