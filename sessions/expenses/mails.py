"""Messages to a member about a claim: sent back, refused or paid."""

from django.utils.translation import gettext as _, gettext_lazy

from assembly.identity.models import User
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from sessions.models import ExpenseClaim, ExpenseState

TITLES = {
    ExpenseState.RETURNED: gettext_lazy("Votre demande de remboursement est à compléter"),
    ExpenseState.REFUSED: gettext_lazy("Votre demande de remboursement est refusée"),
    ExpenseState.PAID: gettext_lazy("Votre remboursement est payé"),
}


class ExpenseAnswer(MessageKind):
    """Message without any amount: the member reads the amount on the pages of the site."""

    kind = "expense-answer"
    template = "sessions/expenses/mail/answer"
    label = gettext_lazy("Suite d’une demande de remboursement")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, object]:
        claim = ExpenseClaim.objects.select_related("invitee__sitting").get(pk=distribution.subject_id)
        return {"claim": claim, "sitting": claim.invitee.sitting, "has_account": hasattr(delivery.person, "user")}


def notify_claimant(claim: ExpenseClaim, *, by: User) -> None:
    """Send one message for the present state of the claim; each submission has its own."""
    state = ExpenseState(claim.state)
    moment = claim.submitted_at
    distribute(
        "expense-answer",
        claim,
        [Recipient(claim.invitee.person, {"state": claim.state, "reason": claim.reason})],
        by=by,
        title=_("%(title)s (%(reference)s)") % {"title": TITLES[state], "reference": claim.reference},
        key=f"expense:{claim.pk}:{claim.state}:{moment:%Y%m%d%H%M%S%f}",
        term=claim.term,
    )
