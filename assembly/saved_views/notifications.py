"""The weekly mail of a saved view."""

from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, register
from assembly.saved_views.actions import MAIL, stop_token
from assembly.saved_views.models import ViewSubscription
from assembly.saved_views.queries import list_of, may_open, rows_shown
from assembly.ui.queryset import for_screen
from assembly.ui.values import NOTHING, words_of

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
    template = "saved_views/mail/saved_view"
    label = gettext_lazy("Vue enregistrée, chaque semaine")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        found = subscription_of(delivery)
        return (found.user.person.full_name, found.user.email) if found else None

    def unsubscribe_url(self, delivery: Delivery) -> str:
        found = ViewSubscription.objects.get(pk=delivery.context["subscription"])
        return settings.SITE_URL + reverse("saved_views:stop", args=[stop_token(found)])

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        found = subscription_of(delivery)
        kept = list_of(found.view) if found else None
        if found is None or kept is None:
            raise LookupError("stopped, or no longer theirs, between the claim and the writing of the message")
        asked = QueryDict(found.view.query)
        listing = kept.listing(asked)
        order = listing.sorted_by(asked.get("tri", ""))
        rows = rows_shown(found.view, kept, found.user)
        return {
            "view": found.view,
            "title": kept.title,
            "words": kept.count(rows.count()),
            "rows": [
                line_of([column.of(row) for column in listing.shown])
                for row in for_screen(rows.order_by(*order.ordering, "pk"))[:TOLD]
            ],
            "url": settings.SITE_URL + reverse("saved_views:open", args=[found.view.token]),
        }


def line_of(values: list[Any]) -> tuple[str, str]:
    """The first cell, and the others that say something."""
    first, *others = (strip_tags(words_of(value)) for value in values)
    return first, ", ".join(words for words in others if words != NOTHING)
