"""Senders: each takes due messages out of the outbox, one at a time, and never sends the same one twice.

A sender holds the advisory lock of its slot (a number from 0), which PostgreSQL frees when the connection ends. The
next sender of a slot first settles what the former one left in flight. No row is locked during SMTP.
"""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assembly.audit.actions import record
from assembly.notifications import composing
from assembly.notifications.models import Delivery, DeliveryState, Distribution, Way
from assembly.notifications.registry import forgotten, kinds
from assembly.notifications.relay_log import RelayStatus, relay_log
from assembly.notifications.signals import delivery_came_back
from assembly.notifications.smtp import RelayConnection, SendOutcome, SendStatus
from assembly.notifications.workflow import DELIVERY, NOT_CONCERNED
from assembly.workflow import StateConflict

log = logging.getLogger(__name__)

LOCK_SPACE = 0x4D41494C  # « MAIL »
RETRY_DELAYS = (10, 60, 5 * 60, 30 * 60, 2 * 3600)  # seconds before each retry; then a person decides
ADDRESS = re.compile(r"\S*@\S*")
NOT_WRITTEN = gettext_lazy("Le message n’a pas pu être préparé : l’équipe technique est prévenue.")
RELEASED_CLAIM: dict[str, Any] = {"claimed_at": None, "claimed_by": None}

CLAIM = """
    UPDATE notifications_delivery
       SET state = %(in_flight)s, claimed_at = clock_timestamp(), claimed_by = %(slot)s,
           attempts = attempts + 1, next_attempt_at = NULL
     WHERE id = (SELECT id FROM notifications_delivery
                  WHERE state = %(queued)s AND way = %(email)s AND next_attempt_at <= clock_timestamp()
                  ORDER BY next_attempt_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING id
"""


@contextmanager
def sender_lock(slot: int) -> Iterator[bool]:
    """Take the session-level advisory lock of this slot without blocking; yield False when another sender holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, slot])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, slot])


def run(slot: int, *, seconds: float = 10.0) -> bool:
    """Send due messages for `seconds`, in this slot; return True when time ran out before the mail did."""
    with sender_lock(slot) as mine:
        if not mine:
            return False
        settle_unclear(slot)
        known: dict[int, Distribution] = {}
        line, end = RelayConnection(), time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                delivery = claim(slot, known)
                if delivery is None or send(delivery, line).is_line_down:
                    return False
        finally:
            line.close()
    return True


def claim(slot: int, known: dict[int, Distribution]) -> Delivery | None:
    """Claim the next due message for `slot`, committed before it is sent. `known`: distributions read so far."""
    values: dict[str, str | int] = {
        "in_flight": DeliveryState.IN_FLIGHT,
        "queued": DeliveryState.QUEUED,
        "email": Way.EMAIL,
        "slot": slot,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        row = cursor.fetchone()
    if row is None:
        return None
    delivery = Delivery.objects.select_related("person").get(pk=row[0])
    if delivery.distribution_id not in known:
        known[delivery.distribution_id] = Distribution.objects.select_related("assembly", "term").get(
            pk=delivery.distribution_id
        )
    delivery.distribution = known[delivery.distribution_id]
    return delivery


def send(delivery: Delivery, line: RelayConnection) -> SendOutcome:
    """Compose the message, pass it to the relay, record the outcome; drop one without a recipient."""
    try:
        is_concerned = find_mailbox(delivery)
    except Exception:
        log.exception("delivery %s: no address", delivery.pk)
        message, outcome = None, SendOutcome(SendStatus.STUCK, str(NOT_WRITTEN))
    else:
        if not is_concerned:
            drop_delivery(delivery)
            return SendOutcome(SendStatus.REFUSED)
        message, outcome = compose_message(delivery)
    if message is not None:
        outcome = line.send(message)
    try:
        record_outcome(delivery, message, outcome)
    except StateConflict:  # the provider's webhook was faster
        log.info("delivery %s was settled by an event", delivery.pk)
    return outcome


def find_mailbox(delivery: Delivery) -> bool:
    """Resolve the recipient by the kind of the message: a row to no Person stores neither name nor address.

    This runs after the claim, under the locks of the kind. Return False when there is no recipient any more. An error
    in it stops this message only: whether the recipient may still get it is not known.
    """
    with transaction.atomic():
        whom = kinds[delivery.distribution.kind].mailbox(delivery)
        if whom and delivery.person_id and whom[1] != delivery.address:
            Delivery.objects.filter(pk=delivery.pk).update(address=whom[1])  # corrected while the message waited
    delivery.recipient_name, delivery.address = whom or ("", "")
    return whom is not None


def drop_delivery(delivery: Delivery) -> None:
    """Cancel a message that nobody is to get any more; what only it held (a link, a text) is erased."""
    columns = RELEASED_CLAIM | forgotten(delivery.distribution)
    DELIVERY.set_state(delivery, "drop", error=str(NOT_CONCERNED), **columns)


def compose_message(delivery: Delivery) -> tuple[composing.Message | None, SendOutcome]:
    """Build the message; an error in it stops this one only. None with the outcome when it cannot be built."""
    try:
        return composing.email_message(delivery), SendOutcome(SendStatus.UNCLEAR)
    except composing.BadAddress:
        return None, SendOutcome(SendStatus.REFUSED, _("Cette adresse électronique n’existe pas sous cette forme."))
    except Exception:
        log.exception("delivery %s could not be written", delivery.pk)
        return None, SendOutcome(SendStatus.STUCK, str(NOT_WRITTEN))


def record_outcome(delivery: Delivery, message: composing.Message | None, outcome: SendOutcome) -> None:
    """Record the relay's answer. UNCLEAR stays in flight until `settle_unclear` queries the relay."""
    error = redact_addresses(delivery, outcome.error)[:300]
    match outcome.status:
        case SendStatus.TAKEN:
            mark_sent(delivery, digest=message.digest if message else "")
        case SendStatus.LATER:
            postpone(delivery, error)
        case SendStatus.REFUSED:
            with transaction.atomic():
                DELIVERY.set_state(delivery, "refuse", error=error, bounced_at=timezone.now(), **RELEASED_CLAIM)
                delivery_came_back.send(Delivery, delivery=delivery)
        case SendStatus.STUCK:
            DELIVERY.set_state(delivery, "give_up", error=error, **RELEASED_CLAIM)
        case SendStatus.UNCLEAR:
            Delivery.objects.filter(pk=delivery.pk).update(error=error)


def redact_addresses(delivery: Delivery, reply: str) -> str:
    """Remove addresses from a server's answer about a recipient who is no Person, whom the outbox may not store."""
    return reply if delivery.person_id else ADDRESS.sub("…", reply)


def mark_sent(delivery: Delivery, **facts: Any) -> None:
    """Mark a message as accepted by the relay; empty the context of a kind with a secret link."""
    facts |= forgotten(delivery.distribution)
    DELIVERY.set_state(delivery, "accept", sent_at=timezone.now(), error="", **RELEASED_CLAIM, **facts)


def postpone(delivery: Delivery, error: str) -> None:
    """Retry after the next of RETRY_DELAYS; after the last one, give up until a person decides."""
    retry = delivery.attempts - 1
    if retry >= len(RETRY_DELAYS):
        DELIVERY.set_state(delivery, "give_up", error=error, **RELEASED_CLAIM)
        return
    again = timezone.now() + timedelta(seconds=RETRY_DELAYS[retry])
    DELIVERY.set_state(delivery, "postpone", error=error, next_attempt_at=again, **RELEASED_CLAIM)


def abandoned_before() -> datetime:
    """Return the moment before which a claim is abandoned: a sender times out sooner (smtp.whole_message_seconds)."""
    return timezone.now() - timedelta(seconds=settings.MAIL_SETTLE_SECONDS)


def settle_unclear(slot: int) -> None:
    """Query the relay about messages of this slot left in flight by a dead sender or a broken connection."""
    left = list(
        Delivery.objects.filter(
            state=DeliveryState.IN_FLIGHT, claimed_by=slot, claimed_at__lt=abandoned_before()
        ).select_related("distribution")
    )
    if not left:
        return
    answers = relay_log().query_statuses([str(delivery.message_id) for delivery in left])
    for delivery in left:
        with suppress(StateConflict):  # the provider's webhook was faster
            settle_one(delivery, answers[str(delivery.message_id)])


def settle_one(delivery: Delivery, answer: RelayStatus) -> None:
    """Requeue only messages that the relay declares it never took."""
    match answer:
        case RelayStatus.TAKEN:
            mark_sent(delivery)
        case RelayStatus.NOT_TAKEN:
            DELIVERY.set_state(delivery, "postpone", next_attempt_at=timezone.now(), **RELEASED_CLAIM)
        case RelayStatus.UNKNOWN:
            error = delivery.error or _("L’envoi s’est interrompu : le message est peut-être parti.")
            DELIVERY.set_state(delivery, "doubt", error=error, **RELEASED_CLAIM)
        case RelayStatus.LATER:
            return


def slots_to_run() -> list[int]:
    """Return the slots with work: all of them when mail is due, else those with abandoned messages."""
    left = Delivery.objects.filter(state=DeliveryState.IN_FLIGHT, claimed_at__lt=abandoned_before()).values_list(
        "claimed_by", flat=True
    )
    slots = {slot for slot in left.order_by().distinct() if slot is not None}
    if Delivery.objects.due().exists():
        slots |= set(range(settings.MAIL_SENDERS))
    return sorted(slots)


@transaction.atomic
def mark_all_doubtful() -> int:
    """Mark queued mail as doubtful after a restored backup; return how many.

    It may have been sent since the backup, so a person decides about each.
    """
    count = 0
    waiting = Delivery.objects.filter(way=Way.EMAIL, state__in=DeliveryState.tagged("pending"))
    for delivery in waiting.select_related("distribution"):
        DELIVERY.set_state(
            delivery,
            "doubt",
            error=_("La base a été restaurée : ce message est peut-être déjà parti."),
            next_attempt_at=None,
            **RELEASED_CLAIM,
        )
        record("outbox.suspended", delivery, by=None, dossier=delivery.distribution)
        count += 1
    return count
