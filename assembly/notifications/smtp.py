"""SMTP with one deadline for the whole message, the connection to the mail relay, and the outcome of each message.

An error tells whether the server may have taken the message.
"""

import enum
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

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


PERMANENT = range(500, 600)


class SendStatus(enum.Enum):
    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"  # by the recipient's server, permanently
    STUCK = "stuck"  # by our own server, permanently: a person must look
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class SendOutcome:
    """Outcome of one message. `is_line_down`: other messages would only wait again now."""

    status: SendStatus
    error: str = ""
    is_line_down: bool = False


class RelayConnection:
    """Connection that stays open from one message to the next, and is reopened after any error."""

    def __init__(self) -> None:
        self.backend = mailers["bulk"]
        self.was_used = False

    def send(self, message: EmailMessage) -> SendOutcome:
        """Send one message; when the server closed the connection between two messages, reconnect at once."""
        outcome, hung_up = self._try(message)
        if hung_up and self.was_used:
            self.was_used = False
            outcome, _hung_up = self._try(message)
        self.was_used = outcome.status is SendStatus.TAKEN
        return outcome

    def close(self) -> None:
        self.backend.close()

    def _try(self, message: EmailMessage) -> tuple[SendOutcome, bool]:
        try:
            self.backend.open()
        except OSError as error:
            self._hang_up()
            return SendOutcome(SendStatus.LATER, format_connection_error(error), is_line_down=True), False
        try:
            self.backend.send_messages([message])
        except (OSError, ValueError) as error:
            self._hang_up()
            return outcome_of(error), isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError)
        return SendOutcome(SendStatus.TAKEN), False

    def _hang_up(self) -> None:
        if isinstance(self.backend, SmtpBackend):
            self.backend.hang_up()


def outcome_of(error: Exception) -> SendOutcome:
    """Convert the mail server's answer into an outcome; every exception of smtplib is an OSError."""
    match error:
        case UncertainDelivery():
            return SendOutcome(
                SendStatus.UNCLEAR,
                _("La liaison s’est coupée pendant la remise : le serveur a peut-être pris le message."),
            )
        case smtplib.SMTPRecipientsRefused():
            code, text = next(iter(error.recipients.values()))
            status = SendStatus.REFUSED if code in PERMANENT else SendStatus.LATER
            return SendOutcome(status, format_reply(code, text))
        case smtplib.SMTPSenderRefused():
            status = SendStatus.STUCK if error.smtp_code in PERMANENT else SendStatus.LATER
            return SendOutcome(status, format_reply(error.smtp_code, error.smtp_error))
        case smtplib.SMTPDataError():
            status = SendStatus.REFUSED if error.smtp_code in PERMANENT else SendStatus.LATER
            return SendOutcome(status, format_reply(error.smtp_code, error.smtp_error))
        case smtplib.SMTPNotSupportedError() | ValueError():
            return SendOutcome(SendStatus.STUCK, _("Ce message ne peut pas s’écrire comme le serveur le demande."))
        case smtplib.SMTPServerDisconnected() | OSError():
            return SendOutcome(SendStatus.LATER, format_connection_error(error), is_line_down=True)
    raise error


def format_reply(code: int, text: bytes | str) -> str:
    """Return « Le serveur a répondu : 550 5.1.1 Unknown user »."""
    decoded = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
    return _("Le serveur a répondu : %(code)s %(text)s") % {"code": code, "text": " ".join(decoded.split())[:200]}


def format_connection_error(error: OSError) -> str:
    match error:
        case smtplib.SMTPAuthenticationError():
            return _("Le serveur de courrier refuse notre identification.")
        case smtplib.SMTPResponseException():
            return format_reply(error.smtp_code, error.smtp_error)
        case TimeoutError():
            return _("Le serveur de courrier n’a pas répondu à temps.")
        case ConnectionRefusedError():
            return _("Le serveur de courrier est arrêté ou injoignable.")
    return _("La liaison avec le serveur de courrier s’est coupée avant la remise.")
