"""Where every message of a developer's machine ends: the page /boite-mail/ shows it, nothing leaves."""

from collections.abc import Sequence
from email import policy

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from assembly.notifications.models import LocalMessage


class MailboxBackend(BaseEmailBackend):
    """Keeps the bytes that a mail server would have taken."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        kept = [self._kept(message) for message in email_messages if message.recipients()]
        LocalMessage.objects.bulk_create(kept)
        return len(kept)

    def _kept(self, email_message: EmailMessage) -> LocalMessage:
        message = email_message.message(policy=policy.SMTP)
        return LocalMessage(
            message_id=message["Message-ID"],
            sender=str(message["From"]),
            recipients=", ".join(email_message.recipients()),
            subject=str(message["Subject"]),
            raw=message.as_bytes(),
        )
