"""Mails to associations: the outbox holds a key and the link, which is erased after sending."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.workflow.locks import share
from mission.grants.deposits import DECISION, LINK, MISSING, RECEIPT, link_of, still_opens
from mission.grants.models import GrantDeposit

GONE = "erased between the claim and the writing of the message"


class DepositMessage(MessageKind):
    """Mail of a deposit; its context has the key of the deposit, and the token of the link, stored nowhere else.

    Nothing is sent once the address differs from that of the link. An address that nobody confirmed receives only the
    question (`asks_address`).
    """

    erases_context = True
    asks_address: ClassVar[bool] = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        share(GrantDeposit.objects.filter(pk=delivery.context["deposit"]))
        link = link_of(delivery.context["token"])
        if link is None or not still_opens(link) or not (self.asks_address or link.deposit.is_confirmed):
            return None
        return "", link.deposit.address

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        rows = GrantDeposit.objects.filter(pk=delivery.context["deposit"])
        row = rows.select_related("scheme", "application").first()
        if row is None:
            raise LookupError(GONE)
        return {
            "scheme": row.scheme,
            "application": row.application,
            "is_confirmed": row.is_confirmed,
            "asked": row.application.asked_for.splitlines() if row.application else [],
            "url": settings.SITE_URL + reverse("mission:grant-deposit", args=[delivery.context["token"]]),
        }


class GrantLink(DepositMessage):
    kind = LINK
    template = "mission/grants/mail/link"
    label = gettext_lazy("Lien d’une demande de subvention")
    asks_address = True


class GrantReceipt(DepositMessage):
    kind = RECEIPT
    template = "mission/grants/mail/receipt"
    label = gettext_lazy("Accusé de réception d’une demande de subvention")


class GrantMissing(DepositMessage):
    """Mail that lists everything missing, once."""

    kind = MISSING
    template = "mission/grants/mail/missing"
    label = gettext_lazy("Pièces manquantes d’une demande de subvention")


class GrantDecision(DepositMessage):
    """Mail of the decision, with the text that somebody read and sent."""

    kind = DECISION
    template = "mission/grants/mail/decision"
    label = gettext_lazy("Décision sur une demande de subvention")
