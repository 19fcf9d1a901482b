"""Mails of a draw: to the volunteers of a frozen list, to those drawn whose answer is awaited. No name is stored."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from draws.candidates.rules import entry_token
from draws.models import PoolEntry
from draws.succession.queries import REMINDER
from members.models import Mandate

ENTRY = "draw-entry"


class DrawEntryMessage(MessageKind):
    """Mail about the frozen list; `own.entry`: a key.
    Not sent once the candidate is erased or the list cancelled, nor to an address that nobody confirmed."""

    kind = ENTRY
    template = "draws/draws/mail/entry"
    label = gettext_lazy("Candidature dans la liste figée")

    def entry(self, delivery: Delivery) -> PoolEntry | None:
        rows = PoolEntry.objects.filter(pk=delivery.context["entry"])
        return rows.select_related("candidate", "pool__draw__call__term").first()

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        entry = self.entry(delivery)
        if entry is None or entry.pool.draw.pool_id != entry.pool_id or not entry.applicant.has_confirmed_address:
            return None
        return "", entry.applicant.email

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        entry = self.entry(delivery)
        if entry is None:
            raise LookupError("The candidate left between the claim and the writing of the message.")
        draw = entry.pool.draw
        return {
            "draw": draw,
            "first_name": entry.applicant.first_name,
            "pseudonym": entry.pseudonym,
            "url": settings.SITE_URL + reverse("draws:entry", args=[entry_token(entry)]),
            "ends_at": draw.contest_ends_at,
            "is_announced": draw.announced_at is not None,
        }


class DrawnReminder(MessageKind):
    """Reminder to somebody drawn; `own.mandate`: a key. A past day is left out: the answer is still welcome."""

    kind = REMINDER
    template = "draws/draws/mail/drawn_reminder"
    label = gettext_lazy("Réponse attendue après le tirage au sort")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        deadline = Mandate.objects.get(pk=delivery.context["mandate"]).answer_deadline
        return {"deadline": deadline if deadline and deadline >= timezone.localdate() else None}
