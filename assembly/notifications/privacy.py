"""Erasure of waiting mail, of printed letters and of the developer's mailbox."""

from typing import Any

from assembly.documents.actions.renditions import delete_renditions_about, request_rendition
from assembly.identity.personal_data import at_erasure
from assembly.notifications.actions.distributions import LETTERS
from assembly.notifications.enums import DeliveryState, Way
from assembly.notifications.models import Delivery, LetterBatch, LocalMessage
from assembly.notifications.workflow import DELIVERY


def empty_local_mailbox(person: Any, by: Any) -> None:
    """Delete the person's messages in the developer's mailbox, also those to earlier addresses."""
    addresses = Delivery.objects.filter(person=person, way=Way.EMAIL).values_list("address", flat=True)
    for address in {person.email, *addresses} - {""}:
        LocalMessage.objects.filter(recipients__icontains=address).delete()


def erase_printed_files(person: Any, by: Any) -> None:
    """Erase files of letters and proof lists, which name the person; request those still to post for others again."""
    own = Delivery.objects.filter(person=person)
    batches = list(LetterBatch.objects.filter(letters__in=own).distinct())
    delete_renditions_about(
        {
            "notifications.LetterBatch": [batch.pk for batch in batches],
            "notifications.Distribution": own.values_list("distribution", flat=True),
        }
    )
    for batch in batches:
        if batch.letters.filter(state=DeliveryState.PRINTED).exclude(person=person).exists():
            request_rendition(batch, LETTERS, by=None)


def stop_waiting_mail(person: Any, by: Any) -> None:
    """Stop all mail to a person who was erased."""
    for delivery in Delivery.objects.filter(person=person, state__in=DeliveryState.tagged("stoppable")):
        DELIVERY.set_state(delivery, "stop", next_attempt_at=None)


at_erasure("notifications.mailbox", empty_local_mailbox)
at_erasure("notifications.outbox", stop_waiting_mail)
at_erasure("notifications.files", erase_printed_files)
