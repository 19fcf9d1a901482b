"""Messages about minutes: to those who attended, to the authors of corrections, to the readers of the sealed file."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from assembly.documents.models import Document
from assembly.documents.queries import current_revision
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import Attachment, MessageKind
from sessions.minutes.queries.facts import minutes_facts, title_of
from sessions.minutes.rules import html_to_text
from sessions.models import Correction, Minutes

LARGEST_ATTACHMENT = 5 * 1024 * 1024
PAPER = "paper"


def minutes_of(distribution: Distribution) -> Minutes:
    """Return the minutes of a message, with the related rows that its text names."""
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
    """Base class with the context of every message about minutes."""

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


class MinutesCirculated(MinutesMessage):
    """Message with the text to read; a letter contains the whole text, since paper has no links."""

    kind = "minutes-circulated"
    template = "sessions/minutes/mail/circulated"
    label = gettext_lazy("Compte rendu à relire")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        context = super().context(distribution, delivery)
        if context["on_paper"]:
            facts = minutes_facts(context["minutes"])
            context["items"] = [{**item, "text": html_to_text(item["summary_html"])} for item in facts["items"]]
        return context


class CorrectionsAnswered(MinutesMessage):
    """Message with all the answers to one person."""

    kind = "minutes-corrections-answered"
    template = "sessions/minutes/mail/answers"
    label = gettext_lazy("Réponses aux corrections")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        keys = delivery.context.get("corrections", [])
        rows = Correction.objects.filter(pk__in=keys).select_related("section__agenda_item").order_by("pk")
        return super().context(distribution, delivery) | {"corrections": list(rows)}


class SealedFileMessage(MinutesMessage):
    """Message with a sealed file, attached if a mailbox takes it, and its address and fingerprint."""

    file: ClassVar[str]

    def document(self, minutes: Minutes) -> Document | None:
        return getattr(minutes, self.file)

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        context = super().context(distribution, delivery)
        document = self.document(context["minutes"])
        revision = current_revision(document) if document else None
        public = context["minutes"].public_document
        return context | {
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


class MinutesSealed(SealedFileMessage):
    kind = "minutes-sealed"
    template = "sessions/minutes/mail/sealed"
    label = gettext_lazy("Compte rendu scellé")
    file = "internal_document"


class DecisionsRecordSent(SealedFileMessage):
    kind = "decisions-record"
    template = "sessions/minutes/mail/record"
    label = gettext_lazy("Relevé de décisions")
    file = "decisions_document"
