"""What is written about minutes: to those who attended, to the authors of corrections, to all readers of the seal."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.documents.models import Document
from assembly.documents.queries import current_revision
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import Attachment, MessageKind, register
from sessions.models import Correction, Minutes
from sessions.queries.minutes_facts import minutes_facts, title_of
from sessions.rules.rich_text import words_of

LARGEST_ATTACHMENT = 5 * 1024 * 1024
PAPER = "paper"


def minutes_of(distribution: Distribution) -> Minutes:
    """The minutes that a message is about, with what its words name."""
    return Minutes.objects.select_related(
        "sitting__term__assembly",
        "sitting__committee",
        "sitting__chair",
        "sitting__secretary",
        "approval_item__sitting",
        "internal_document",
        "public_document",
        "decisions_document",
    ).get(pk=distribution.subject_id)


def has_account(delivery: Delivery) -> bool:
    return delivery.person is not None and hasattr(delivery.person, "user")


class MinutesMessage(MessageKind):
    """The words that every message about minutes may use."""

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        minutes = minutes_of(distribution)
        return {
            "minutes": minutes,
            "sitting": minutes.sitting,
            "title": title_of(minutes),
            "on_paper": delivery.way == PAPER,
            "has_account": has_account(delivery),
            "read_url": settings.SITE_URL + reverse("sittings:minutes-read", args=[minutes.pk]),
        }


@register
class MinutesCirculated(MinutesMessage):
    """The text to read again; on paper the whole text travels, since there is nothing to click on."""

    kind = "minutes-circulated"
    template = "sessions/mail/minutes_circulated"
    label = gettext_lazy("Compte rendu à relire")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        found = super().context(distribution, delivery)
        if found["on_paper"]:
            told = minutes_facts(found["minutes"])
            found["items"] = [{**item, "words": words_of(item["summary_html"])} for item in told["items"]]
        return found


@register
class CorrectionsAnswered(MinutesMessage):
    """All the answers of one person in one message."""

    kind = "minutes-corrections-answered"
    template = "sessions/mail/minutes_answers"
    label = gettext_lazy("Réponses aux corrections")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        keys = delivery.context.get("corrections", [])
        rows = Correction.objects.filter(pk__in=keys).select_related("section__agenda_item").order_by("pk")
        return super().context(distribution, delivery) | {"corrections": list(rows)}


class SealedFileMessage(MinutesMessage):
    """A sealed file: attached when a mailbox can take it, and always with its address and its fingerprint."""

    file: ClassVar[str]

    def document(self, minutes: Minutes) -> Document | None:
        return getattr(minutes, self.file)

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        found = super().context(distribution, delivery)
        document = self.document(found["minutes"])
        revision = current_revision(document) if document else None
        public = found["minutes"].public_document
        return found | {
            "document": document,
            "sha256": revision.blob_id if revision else "",
            "is_attached": bool(revision and revision.blob.size < LARGEST_ATTACHMENT),
            "verify_url": f"{settings.SITE_URL}/v/{document.reference}" if document else "",
            "public_url": f"{settings.SITE_URL}/publications/{public.reference}.pdf"
            if public and public.published_at
            else "",
        }

    def attachments(self, distribution: Distribution, delivery: Delivery) -> list[Attachment]:
        document = self.document(minutes_of(distribution))
        revision = current_revision(document) if document else None
        if document is None or revision is None or revision.blob.size >= LARGEST_ATTACHMENT:
            return []
        return [Attachment(f"{document.reference}.pdf", "application/pdf", revision.open())]

    def attachment_names(self, distribution: Distribution) -> list[str]:
        document = self.document(minutes_of(distribution))
        return [_("%(reference)s (PDF scellé)") % {"reference": document.reference}] if document else []


@register
class MinutesSealed(SealedFileMessage):
    kind = "minutes-sealed"
    template = "sessions/mail/minutes_sealed"
    label = gettext_lazy("Compte rendu scellé")
    file = "internal_document"


@register
class DecisionsRecordSent(SealedFileMessage):
    kind = "decisions-record"
    template = "sessions/mail/minutes_record"
    label = gettext_lazy("Relevé de décisions")
    file = "decisions_document"
