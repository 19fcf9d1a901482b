"""What `notifications` holds about people: what was sent to them, where, and what became of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.renditions import forget_about, request_rendition
from assembly.identity.privacy import at_erasure, erased, impersonal, keep, personal
from assembly.notifications.actions.letters import KIND
from assembly.notifications.enums import DeliveryState, Way
from assembly.notifications.models import (
    Delivery,
    DeliveryEvent,
    Distribution,
    LetterBatch,
    LocalMessage,
    Preference,
)
from assembly.notifications.workflows import DELIVERY

SENT = _("preuve qu’un envoi a été fait, sans le nom ni l’adresse")

personal(
    Delivery,
    name=_("Les envois qui vous ont été faits"),
    owner="person",
    fields={
        "public_id": keep(SENT, exported=False),
        "key": keep(SENT, exported=False),
        "distribution": keep(SENT),
        "recipient_name": erased(str(_("Personne effacée"))),
        "sort_name": erased("effacee", exported=False),
        "way": keep(SENT),
        "address": erased(),
        "context": erased(lambda delivery: {}, exported=False),
        "state": keep(SENT),
        "message_id": keep(SENT, exported=False),
        "issue": keep(SENT, exported=False),
        "attempts": keep(SENT, exported=False),
        "next_attempt_at": keep(SENT, exported=False),
        "claimed_at": keep(SENT, exported=False),
        "claimed_by": keep(SENT, exported=False),
        "sent_at": keep(SENT),
        "digest": keep(SENT, exported=False),
        "delivered_at": keep(SENT),
        "bounced_at": keep(SENT),
        "batch": keep(SENT, exported=False),
        "printed_at": keep(SENT),
        "handed_over_at": keep(SENT),
        "called_at": keep(SENT),
        "called_by": keep(SENT, exported=False),
        "error": erased(),
    },
)
personal(
    DeliveryEvent,
    name=_("Ce que le serveur a dit de ces envois"),
    owner="delivery__person",
    fields={
        "key": keep(SENT, exported=False),
        "message_id": keep(SENT, exported=False),
        "kind": keep(SENT),
        "is_final": keep(SENT, exported=False),
        "happened_at": keep(SENT),
        "received_at": keep(SENT, exported=False),
        "detail": erased(),
    },
)
personal(
    Preference,
    name=_("Vos choix de courriels"),
    owner="person",
    rows_go=True,
    fields={"optional_mail": keep(), "changed_at": keep()},
)
# A distribution and its batch of letters name who asked for them, by key only; LocalMessage exists in local mode only.
impersonal(Distribution, LetterBatch, LocalMessage)


def empty_the_local_mailbox(person: Any, by: Any) -> None:
    """The developer's mailbox page keeps whole messages, also those to an address the person has left."""
    told = Delivery.objects.filter(person=person, way=Way.EMAIL).values_list("address", flat=True)
    for address in {person.email, *told} - {""}:
        LocalMessage.objects.filter(recipients__icontains=address).delete()


def forget_printed_files(person: Any, by: Any) -> None:
    """Files of letters and lists of proof name the person: they go. Letters of others still to post are made again."""
    own = Delivery.objects.filter(person=person)
    batches = list(LetterBatch.objects.filter(letters__in=own).distinct())
    forget_about(
        {
            "notifications.LetterBatch": [batch.pk for batch in batches],
            "notifications.Distribution": own.values_list("distribution", flat=True),
        }
    )
    for batch in batches:
        if batch.letters.filter(state=DeliveryState.PRINTED).exclude(person=person).exists():
            request_rendition(batch, KIND, by=None)


def stop_what_waits(person: Any, by: Any) -> None:
    """Nothing leaves any more towards somebody who was erased."""
    for delivery in Delivery.objects.filter(person=person, state__in=["queued", "failed", "to_check"]):
        DELIVERY.move(delivery, "stop", next_attempt_at=None)


at_erasure("notifications.mailbox", empty_the_local_mailbox)
at_erasure("notifications.outbox", stop_what_waits)
at_erasure("notifications.files", forget_printed_files)
