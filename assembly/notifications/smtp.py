"""SMTP with one deadline for the whole message, and the truth about where a conversation broke."""

import smtplib
import time
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

START_OF_BODY = 354


def whole_message_seconds() -> float:
    """A sender gives up well before its message is taken for abandoned (actions.sending.settle)."""
    return settings.MAIL_SETTLE_SECONDS * 5 / 6


class MaybeTaken(smtplib.SMTPException):
    """The body had left when the line broke: the server may have taken the message, or not."""


class HonestSMTP(smtplib.SMTP):
    """Remembers whether the body is on its way, and lowers the socket's patience as the deadline comes near."""

    in_body = False

    def __init__(self, *args: Any, deadline: float | None = None, **options: Any) -> None:
        self.deadline = deadline
        super().__init__(*args, **options)

    def send(self, s: Any) -> None:
        self._hurry()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._hurry()
        reply = super().getreply()
        self.in_body = reply[0] == START_OF_BODY
        return reply

    def _hurry(self) -> None:
        sock = getattr(self, "sock", None)
        if self.deadline is not None and sock is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("The mail server did not finish in time.")
            sock.settimeout(min(left, self.timeout if isinstance(self.timeout, int | float) else left))


class HonestSMTPWithTLS(HonestSMTP, smtplib.SMTP_SSL):
    """The same, over `smtps://`."""


class SmtpBackend(EmailBackend):
    """Django's backend, which says `MaybeTaken` when nobody can know, and any other SMTP error when nothing left.

    `conversation_seconds` is the deadline of a line, read before each wait: for one message while somebody waits.
    Without it the line stays open and each message has its own time.
    """

    def __init__(self, *args: Any, conversation_seconds: float | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conversation_seconds = conversation_seconds

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]  # -- only ever called
        kind = HonestSMTPWithTLS if self.use_ssl else HonestSMTP
        if self.conversation_seconds is None:
            return kind
        return partial(kind, deadline=time.monotonic() + self.conversation_seconds)

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        try:
            super()._close_connection(connection)  # type: ignore[misc]  # -- absent from the stubs
        except TimeoutError:  # no time is left for the polite words
            connection.close()

    def _send(self, email_message: EmailMessage) -> bool:
        line = cast(HonestSMTP, self.connection)
        line.in_body = False
        end_of_line = line.deadline
        line.deadline = end_of_line or time.monotonic() + whole_message_seconds()
        try:
            return super()._send(email_message)  # type: ignore[misc]  # -- absent from the stubs
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if line.in_body:
                raise MaybeTaken(str(error)) from error
            raise
        finally:
            line.deadline = end_of_line

    def hang_up(self) -> None:
        """Close a line that broke, without the polite words that would wait for an answer."""
        for name in ("connection", "_partial_connection"):
            if (line := getattr(self, name, None)) is not None:
                line.close()
            setattr(self, name, None)
