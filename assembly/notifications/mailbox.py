"""Mail backend of a developer's machine: the page /boite-mail/ shows every message, none is sent."""

from collections.abc import Sequence
from email import policy

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from assembly.notifications.models import LocalMessage


class MailboxBackend(BaseEmailBackend):
    """Backend that stores the bytes that a mail server would have taken."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        rows = [self._row_of(message) for message in email_messages if message.recipients()]
        LocalMessage.objects.bulk_create(rows)
        return len(rows)

    def _row_of(self, email_message: EmailMessage) -> LocalMessage:
        message = email_message.message(policy=policy.SMTP)
        return LocalMessage(
            message_id=message["Message-ID"],
            sender=str(message["From"]),
            recipients=", ".join(email_message.recipients()),
            subject=str(message["Subject"]),
            raw=message.as_bytes(),
        )
