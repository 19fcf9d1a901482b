"""Mails to candidates, who have no `Person` here: the outbox holds a key, never an address nor a name.

Both are read from the candidate when the message leaves; none leaves to whoever withdrew or was erased meanwhile.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.workflow.locks import share
from draws.candidates import rules
from draws.models import Candidate, CandidateState

LINK, DECISION, GUARDIAN = "candidate-link", "candidate-decision", "candidate-guardian"
TEXT = "candidate-text"
GONE = "withdrawn or erased between the claim and the writing of the message"


class CandidateMessage(MessageKind):
    """Mail to a candidate. `own.candidate`: a key. `states`: in which a message about it still makes sense."""

    states: ClassVar[Sequence[CandidateState]]
    asks_address: ClassVar[bool] = False  # goes to an address that nobody confirmed yet, and only asks to confirm it

    def candidate(self, delivery: Delivery) -> Candidate:
        rows = Candidate.objects.filter(pk=delivery.context["candidate"], state__in=self.states)
        row = rows.select_related("call__term", "duplicate_of").first()
        if row is None:
            raise LookupError(GONE)
        return row

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        """Return the address under a row lock until the transaction ends: a withdrawal comes before or after it."""
        row = share(Candidate.objects.filter(pk=delivery.context["candidate"], state__in=self.states))
        address = self.address(row) if row else ""
        return ("", address) if address else None

    def address(self, row: Candidate) -> str:
        return row.email if self.asks_address or row.has_confirmed_address else ""

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        row = self.candidate(delivery)
        url = settings.SITE_URL + reverse("draws:candidate-page", args=[rules.page_token(row)])
        return {"candidate": row, "call": row.call, "url": url}


class CandidateLink(CandidateMessage):
    """Code and link that only confirms, to an address that nobody confirmed yet; else the personal link."""

    kind = LINK
    template = "draws/candidates/mail/link"
    label = gettext_lazy("Lien personnel d’une candidature")
    states = tuple(state for state in CandidateState if state != CandidateState.WITHDRAWN)
    asks_address = True

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        values = super().context(distribution, delivery)
        row = values["candidate"]
        is_new = row.state == CandidateState.UNCONFIRMED
        return values | {"is_new": is_new, "code": "" if row.has_confirmed_address else rules.confirmation_code(row)}


class CandidateDecision(CandidateMessage):
    """Decision: eligible; not eligible and why; excluded without examination and why."""

    kind = DECISION
    template = "draws/candidates/mail/decision"
    label = gettext_lazy("Décision sur une candidature")
    states = CandidateState.tagged("decided")


class CandidateText(CandidateMessage):
    """What the team writes about a candidature, `own.text`. It is erased once sent."""

    kind = TEXT
    template = "draws/candidates/mail/text"
    label = gettext_lazy("Message sur une candidature")
    states = tuple(state for state in CandidateState if state != CandidateState.WITHDRAWN)
    erases_context = True

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        values = super().context(distribution, delivery)
        if delivery.person_id is None:
            return values
        # A trial, to somebody of the team: it shows no link that opens the page of a candidate.
        return values | {"url": settings.SITE_URL + reverse("draws:candidate", args=[values["candidate"].pk])}


class GuardianRequest(CandidateMessage):
    """Mail to the parent or guardian whom a minor named, until they have agreed."""

    kind = GUARDIAN
    template = "draws/candidates/mail/guardian"
    label = gettext_lazy("Demande d’autorisation parentale")
    states = CandidateState.tagged("undecided")

    def address(self, row: Candidate) -> str:
        return row.guardian_email if row.guardian_agreed_on is None else ""

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        row = self.candidate(delivery)
        url = settings.SITE_URL + reverse("draws:guardian", args=[rules.guardian_token(row)])
        return {"candidate": row, "call": row.call, "url": url}
