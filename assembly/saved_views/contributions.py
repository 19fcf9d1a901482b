"""Contributions of saved views: the weekly mail, audit events."""

from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.lists.tables import text_of_cell
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind, add_messages
from assembly.saved_views.actions import MAIL, stop_token
from assembly.saved_views.models import ViewSubscription
from assembly.saved_views.queries import can_open, list_of, rows_shown, table_shown
from assembly.web.values import NOTHING

MOST_ROWS = 25


def subscription_of(delivery: Delivery) -> ViewSubscription | None:
    """Return the subscription of a delivery while its reader may still open the view, else None."""
    rows = ViewSubscription.objects.select_related("view__created_by", "view__term__assembly", "user__person")
    row = rows.filter(pk=delivery.context["subscription"]).first()
    return row if row and row.user.is_active and can_open(row.view, row.user) else None


class SavedViewMessage(MessageKind):
    """The weekly mail of a saved view; one click stops it (RFC 8058).

    `own.subscription`: the key of the subscription. Rights are checked and rows read when the mail leaves.
    """

    kind = MAIL
    template = "saved_views/mail/saved_view"
    label = gettext_lazy("Vue enregistrée, chaque semaine")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        subscription = subscription_of(delivery)
        return (subscription.user.person.full_name, subscription.user.email) if subscription else None

    def unsubscribe_url(self, delivery: Delivery) -> str:
        subscription = ViewSubscription.objects.get(pk=delivery.context["subscription"])
        return settings.SITE_URL + reverse("saved_views:stop", args=[stop_token(subscription)])

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        subscription = subscription_of(delivery)
        saved_list = list_of(subscription.view) if subscription else None
        if subscription is None or saved_list is None:
            raise LookupError("stopped, or no longer theirs, between the claim and the writing of the message")
        listing = table_shown(subscription.view, saved_list, subscription.user)
        order = listing.sorted_by(QueryDict(subscription.view.query).get("tri", ""))
        rows = rows_shown(subscription.view, saved_list, subscription.user)
        return {
            "view": subscription.view,
            "title": saved_list.title,
            "label": saved_list.count_text(rows.count()),
            "rows": [
                line_of([column.shown_of(row) for column in listing.screen_columns])
                for row in rows.order_by(*order.ordering, "pk")[:MOST_ROWS]
            ],
            "url": settings.SITE_URL + reverse("saved_views:open", args=[subscription.view.token]),
        }


def line_of(values: list[Any]) -> tuple[str, str]:
    """Return the first cell, and the other cells that are not empty."""
    first, *others = map(text_of_cell, values)
    return first, ", ".join(text for text in others if text != NOTHING)


add_messages(SavedViewMessage)
add_audit_events({"saved_view.shared": _("a changé le partage d’une vue enregistrée")})
