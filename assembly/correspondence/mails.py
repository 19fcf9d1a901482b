"""Mails of messages that the team writes: about one's own dossier, or such as anybody may refuse by one click."""

from typing import Any

from django.utils.translation import gettext_lazy

from assembly.correspondence.models import TeamMessage
from assembly.correspondence.queries import concerned, files_of, filled
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.preferences import wants_optional_mail
from assembly.notifications.registry import Attachment, MessageKind


class DossierMail(MessageKind):
    """Message about one's own dossier. Nobody gets it whom the group no longer concerns when it leaves.

    It goes to the address of that moment: whoever has none any more is told as a mail that came back.
    """

    kind = "team-message"
    template = "correspondence/mail/message"
    label = gettext_lazy("Message de l’équipe")

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        person = delivery.person
        if person is None or not concerned(message_of(delivery.distribution)).filter(pk=person.pk).exists():
            return None
        return person.full_name, person.email

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        if delivery.person is None:
            raise LookupError("a message of the team without a person")
        title, text = filled(message_of(distribution), delivery.person)
        return {"title": title, "text": text}

    def attachments(self, distribution: Distribution, delivery: Delivery) -> list[Attachment]:
        files = files_of(message_of(distribution))
        if refused := [file.pk for file in files if not file.is_available]:
            raise LookupError(f"files withdrawn while the message waited: {refused}")
        return [Attachment(file.name, file.blob.media_type, file.blob.open()) for file in files]

    def attachment_names(self, distribution: Distribution) -> list[str]:
        return [file.name for file in files_of(message_of(distribution))]


class RefusableMail(DossierMail):
    """The same message outside one's own dossier: refused by one click (RFC 8058), also while it waits."""

    kind = "team-news"
    label = gettext_lazy("Message de l’équipe, hors dossier")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        if delivery.person is None or not wants_optional_mail(delivery.person):
            return None
        return super().mailbox(delivery)


def message_of(distribution: Distribution) -> TeamMessage:
    message: TeamMessage = distribution.subject  # type: ignore[assignment]  # -- `send` passes it
    return message
