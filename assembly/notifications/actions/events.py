"""Events from the mail provider, stored once, and their effects."""

import hashlib
import re
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from assembly.notifications import preferences
from assembly.notifications.actions.sending import RELEASED_CLAIM, mark_sent, redact_addresses
from assembly.notifications.models import Delivery, DeliveryEvent, DeliveryState, EventKind
from assembly.notifications.signals import delivery_came_back
from assembly.notifications.workflow import DELIVERY
from assembly.workflow import StateConflict

OURS = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.\d+@")


@transaction.atomic
def receive(
    kind: EventKind,
    *,
    message_id: str,
    happened_at: datetime | None,
    event_key: str = "",
    is_final: bool = False,
    detail: str = "",
) -> DeliveryEvent | None:
    """Store one event about one of our messages; return None when it is not ours or was already stored.

    An event without a number of the provider gets a key made from its content. `is_final`: the address does not work.
    """
    match = OURS.search(message_id)
    rows = Delivery.objects.select_related("distribution").select_for_update(of=("self",), no_key=True)
    delivery = rows.filter(public_id=UUID(match[1])).first() if match else None
    if delivery is None:
        return None
    moment = happened_at or timezone.now()
    default_key = hashlib.sha256(f"{message_id}|{kind}|{happened_at}|{detail}".encode()).hexdigest()
    event, is_new = DeliveryEvent.objects.get_or_create(
        key=(event_key or default_key)[:120],
        defaults={
            "delivery": delivery,
            "message_id": str(delivery.message_id),
            "kind": kind,
            "is_final": is_final,
            "happened_at": moment,
            "detail": redact_addresses(delivery, detail)[:300],
        },
    )
    if is_new and kind == EventKind.COMPLAINED:  # it counts whatever became of the message
        preferences.note_complaint(delivery.person)
    if not is_new or f".{delivery.issue}@" not in message_id:  # a duplicate, or about an earlier issue
        return None
    _apply(delivery, event)
    return event


def _apply(delivery: Delivery, event: DeliveryEvent) -> None:
    arrived = {EventKind.ACCEPTED, EventKind.DELIVERED, EventKind.COMPLAINED}
    if event.kind in arrived and delivery.state in DeliveryState.tagged("uncertain"):
        mark_sent(delivery)
    if event.kind == EventKind.DELIVERED:
        Delivery.objects.filter(pk=delivery.pk, delivered_at=None).update(delivered_at=event.happened_at)
    try:
        if event.kind == EventKind.BOUNCED and event.is_final:
            DELIVERY.follow(delivery, "bounce", bounced_at=event.happened_at, error=event.detail, **RELEASED_CLAIM)
            delivery_came_back.send(Delivery, delivery=delivery)
        elif event.kind == EventKind.COMPLAINED:
            DELIVERY.follow(delivery, "complain", bounced_at=event.happened_at, error=event.detail, **RELEASED_CLAIM)
            delivery_came_back.send(Delivery, delivery=delivery)
    except StateConflict:
        return  # already refused, or stopped by a person: the event stays as history
