"""Messages with the certificates of attendance, one for each person who came."""

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import Attachment, MessageKind
from sessions.attendance.queries.presence import read_row
from sessions.documents.sheets import certificate_pdf
from sessions.models import Invitee


class Certificate(MessageKind):
    kind = "attendance-certificate"
    template = "sessions/attendance/mail/certificate"
    label = gettext_lazy("Attestation de présence")

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        row = read_row(invitee_of(delivery))
        return {"row": row, "sitting": row.invitee.sitting}

    def attachments(self, distribution: Distribution, delivery: Delivery) -> list[Attachment]:
        invitee = invitee_of(delivery)
        name = f"attestation-{slugify(invitee.sitting.reference)}.pdf"
        return [Attachment(name, "application/pdf", certificate_pdf(invitee))]

    def attachment_names(self, distribution: Distribution) -> list[str]:
        return [_("Attestation de présence (PDF)")]


def invitee_of(delivery: Delivery) -> Invitee:
    return Invitee.objects.select_related("person", "sitting__term__assembly").get(pk=delivery.context["invitee"])
