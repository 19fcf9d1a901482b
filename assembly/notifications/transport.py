"""Connection to the mail relay, and the outcome of each message sent on it."""

import enum
import smtplib
from dataclasses import dataclass

from django.core.mail import EmailMessage, mailers
from django.utils.translation import gettext as _

from assembly.notifications.smtp import SmtpBackend, UncertainDelivery

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
