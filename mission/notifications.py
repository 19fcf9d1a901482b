"""Mails of the mission: a saved view, each week; what comes due, to whoever follows it."""

from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, register
from mission.registers.declaration import registers
from mission.registers.dues import DUES_MAIL, dues_of
from mission.registers.forms import RegisterFilterForm
from mission.registers.models import ViewSubscription
from mission.registers.saved_views import MAIL, may_open, stop_token

TOLD = 25


def subscription_of(delivery: Delivery) -> ViewSubscription | None:
    """While its reader may still open the view."""
    rows = ViewSubscription.objects.select_related("view__created_by", "view__term__assembly", "user__person")
    found = rows.filter(pk=delivery.context["subscription"]).first()
    return found if found and found.user.is_active and may_open(found.view, found.user) else None


@register
class SavedViewMessage(MessageKind):
    """`own.subscription`: its key. Rights are asked and rows read when it leaves; refused by one click (RFC 8058)."""

    kind = MAIL
    template = "mission/mail/saved_view"
    label = gettext_lazy("Vue enregistrée, chaque semaine")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        found = subscription_of(delivery)
        return (found.user.person.full_name, found.user.email) if found else None

    def unsubscribe_url(self, delivery: Delivery) -> str:
        found = ViewSubscription.objects.get(pk=delivery.context["subscription"])
        return settings.SITE_URL + reverse("mission:view-stop", args=[stop_token(found)])

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        found = subscription_of(delivery)
        if found is None:
            raise LookupError("stopped, or no longer theirs, between the claim and the writing of the message")
        view, asked = found.view, registers[found.view.register]
        form = RegisterFilterForm(QueryDict(view.query), register=asked, term=view.term)
        rows = asked.rows_of(view.created_by, view.term).filter(form.condition()).order_by("name", "pk")
        return {
            "view": view,
            "register": asked,
            "words": asked.count(rows.count()),
            "rows": [(row.reference, row.name, row.get_state_display()) for row in rows[:TOLD]],
            "url": settings.SITE_URL + reverse("mission:view-open", args=[view.token]),
        }


@register
class DuesMessage(MessageKind):
    """`own.term`: the days of the registers that wait for the reader, as they are when the mail leaves."""

    kind = DUES_MAIL
    template = "mission/mail/dues"
    label = gettext_lazy("Échéances de la mission")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        return super().mailbox(delivery) if self.lines(delivery) else None

    def lines(self, delivery: Delivery) -> list[Any]:
        user = User.objects.select_related("person").filter(pk=delivery.context["user"]).first()
        term = Term.objects.select_related("assembly").get(pk=delivery.context["term"])
        return dues_of(user, term) if user else []

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        lines = self.lines(delivery)
        return {"lines": [(line, settings.SITE_URL + line.url) for line in lines], "count": len(lines)}
