"""SMTP with one deadline for the whole message; an error tells whether the server may have taken it."""

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
    """Return the deadline of one message, in seconds: shorter than the age of an abandoned claim (actions.sending)."""
    return settings.MAIL_SETTLE_SECONDS * 5 / 6


class UncertainDelivery(smtplib.SMTPException):
    """Raised when the connection broke after DATA: the server may have taken the message, or not."""


class DeadlineSMTP(smtplib.SMTP):
    """SMTP client with a deadline: the socket timeout is the time left.

    `in_body`: whether the server answered DATA.
    """

    in_body = False

    def __init__(self, *args: Any, deadline: float | None = None, **options: Any) -> None:
        self.deadline = deadline
        super().__init__(*args, **options)

    def send(self, s: Any) -> None:
        self._set_timeout()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._set_timeout()
        reply = super().getreply()
        self.in_body = reply[0] == START_OF_BODY
        return reply

    def _set_timeout(self) -> None:
        sock = getattr(self, "sock", None)
        if self.deadline is not None and sock is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("The mail server did not finish in time.")
            sock.settimeout(min(left, self.timeout if isinstance(self.timeout, int | float) else left))


class DeadlineSMTPWithTLS(DeadlineSMTP, smtplib.SMTP_SSL):
    """The same client, over `smtps://`."""


class SmtpBackend(EmailBackend):
    """Django's backend, which raises `UncertainDelivery` after DATA, and any other SMTP error when nothing was sent.

    `conversation_seconds` is the deadline of a connection, read before each wait: for one message during a request.
    Without it the connection stays open and each message has its own deadline.
    """

    def __init__(self, *args: Any, conversation_seconds: float | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conversation_seconds = conversation_seconds

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]  # -- only ever called
        kind = DeadlineSMTPWithTLS if self.use_ssl else DeadlineSMTP
        if self.conversation_seconds is None:
            return kind
        return partial(kind, deadline=time.monotonic() + self.conversation_seconds)

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        try:
            super()._close_connection(connection)  # type: ignore[misc]  # -- absent from the stubs
        except TimeoutError:  # no time is left for QUIT
            connection.close()

    def _send(self, email_message: EmailMessage) -> bool:
        line = cast(DeadlineSMTP, self.connection)
        line.in_body = False
        end_of_line = line.deadline
        line.deadline = end_of_line or time.monotonic() + whole_message_seconds()
        try:
            return super()._send(email_message)  # type: ignore[misc]  # -- absent from the stubs
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if line.in_body:
                raise UncertainDelivery(str(error)) from error
            raise
        finally:
            line.deadline = end_of_line

    def hang_up(self) -> None:
        """Close a broken connection without QUIT, which would wait for an answer."""
        for name in ("connection", "_partial_connection"):
            if (line := getattr(self, name, None)) is not None:
                line.close()
            setattr(self, name, None)
