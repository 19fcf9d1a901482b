"""Announcement of the next call to those who asked for it: the outbox holds a key, never an address."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from assembly.workflow.locks import share
from draws.calls.queries import extensions_of
from draws.calls.rules import last_day_in
from draws.candidates.rules import news_token
from draws.models import Call, CallState, NextCallAddress

NEXT_CALL = "next-call"


class NextCallNews(MessageKind):
    """Announcement requested at the last call; `own.address`: a key. One click refuses it and erases the address."""

    kind = NEXT_CALL
    template = "draws/calls/mail/next_call"
    label = gettext_lazy("Annonce d’un appel à candidatures")
    transactional = False

    def next_call_address(self, delivery: Delivery) -> NextCallAddress | None:
        return NextCallAddress.objects.filter(pk=delivery.context["address"]).first()

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        if Call.objects.get(pk=delivery.distribution.subject_id).state != CallState.OPEN:
            return None  # closed since it was announced
        row = share(NextCallAddress.objects.filter(pk=delivery.context["address"]))
        return ("", row.email) if row else None

    def unsubscribe_url(self, delivery: Delivery) -> str:
        row = self.next_call_address(delivery)
        return settings.SITE_URL + reverse("draws:news-stop", args=[news_token(row)]) if row else ""

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        call = Call.objects.select_related("term").get(pk=distribution.subject_id)
        until = last_day_in(call, extensions_of(call), None)
        return {"call": call, "until": until, "url": settings.SITE_URL + reverse("draws:apply")}
