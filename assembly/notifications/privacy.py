"""Declaration of the personal data in `notifications`: what was sent to people, where, and the outcome."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.renditions import delete_renditions_about, request_rendition
from assembly.identity.personal_data import at_erasure, erased, impersonal, personal, retain_all
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
        "recipient_name": erased(str(_("Personne effacée"))),
        "sort_name": erased("effacee", exported=False),
        "address": erased(),
        "context": erased(lambda delivery: {}, exported=False),
        "error": erased(),
        **retain_all("distribution", "way", "state", reason=SENT),
        **retain_all(
            "sent_at", "delivered_at", "bounced_at", "printed_at", "handed_over_at", "called_at", reason=SENT
        ),
        **retain_all("public_id", "key", "message_id", "issue", "digest", "batch", reason=SENT, exported=False),
        **retain_all(
            "attempts", "next_attempt_at", "claimed_at", "claimed_by", "called_by", reason=SENT, exported=False
        ),
    },
)
personal(
    DeliveryEvent,
    name=_("Ce que le serveur a dit de ces envois"),
    owner="delivery__person",
    fields={
        **retain_all("kind", "happened_at", reason=SENT),
        **retain_all("key", "message_id", "is_final", "received_at", reason=SENT, exported=False),
        "detail": erased(),
    },
)
personal(
    Preference,
    name=_("Vos choix de courriels"),
    owner="person",
    deletes_rows=True,
    fields=retain_all("optional_mail", "changed_at"),
)
# A distribution and its batch of letters hold their author's key only; LocalMessage exists in local mode only.
impersonal(Distribution, LetterBatch, LocalMessage)


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
            request_rendition(batch, KIND, by=None)


def stop_waiting_mail(person: Any, by: Any) -> None:
    """Stop all mail to a person who was erased."""
    for delivery in Delivery.objects.filter(person=person, state__in=DeliveryState.tagged("stoppable")):
        DELIVERY.set_state(delivery, "stop", next_attempt_at=None)


at_erasure("notifications.mailbox", empty_local_mailbox)
at_erasure("notifications.outbox", stop_waiting_mail)
at_erasure("notifications.files", erase_printed_files)
