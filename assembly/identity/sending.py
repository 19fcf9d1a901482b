"""Mails that a request sends itself (codes, notices about an account), without holding a database connection.

The assembly signs them: `institution` adds the signatory. A relay may take seconds or never answer. The message is
written inside the request, and sent after the last byte of its response (`assembly.speed.after_response`): the
duration of a response reveals nothing about the address. For an address without account the message has no recipient:
only a connection to the relay is opened, so that slots and `TROUBLE` reveal nothing either. At most `MOST_AT_ONCE`
messages are sent at once per process; a request for one more is refused at once. The outcome of a message is not known
when the page is shown: while the relay fails, `TROUBLE` makes every page that waits for a code say so.
"""

import logging
import smtplib
import threading
from collections.abc import Callable, Iterable
from email.headerregistry import Address
from typing import Protocol

from django.core.cache import cache
from django.core.mail import EmailMessage, mailers
from django.http import HttpRequest

from assembly.files.slow_work import release_connections


class Signatory(Protocol):
    """Fields of the assembly that a mail contains."""

    name: str
    authority_name: str
    sender_name: str
    sender_email: str
    reply_email: str
    contact_phone: str


_providers: list[Callable[[], Signatory | None]] = []


def add_signatory(provider: Callable[[], Signatory | None]) -> None:
    """Add a provider, which returns the signatory, or None when it has none."""
    if provider not in _providers:
        _providers.append(provider)


def signatory() -> Signatory | None:
    """Return the signatory of the mails about accounts."""
    return next((signer for provider in _providers if (signer := provider())), None)


def mailbox_of(signatory: Signatory) -> str:
    """Return « Assemblée citoyenne <assemblee@…> », as on the settings screen."""
    return str(Address(signatory.sender_name, addr_spec=signatory.sender_email))


log = logging.getLogger("assembly.identity")

MOST_AT_ONCE = 20
WAIT_SECONDS = 5
TROUBLE = "mail-relay-fails"
TROUBLE_SECONDS = 300
PENDING = "mails_after_response"

slots = threading.BoundedSemaphore(MOST_AT_ONCE)


def has_free_slot() -> bool:
    """Return whether this process may send one more message now; nothing is reserved, a request may still fail."""
    if not slots.acquire(blocking=False):
        return False
    slots.release()
    return True


def send_after_response(request: HttpRequest, message: EmailMessage) -> None:
    """Queue `message` for the end of the request."""
    setattr(request, PENDING, [*pending(request), message])


def pending(request: HttpRequest) -> list[EmailMessage]:
    return getattr(request, PENDING, [])


def hand_all_to_relay(messages: Iterable[EmailMessage]) -> None:
    for message in messages:
        hand_to_relay(message)


def hand_to_relay(message: EmailMessage) -> bool:
    """Send one message to the relay and return whether it was accepted; nothing is raised.

    For a message without recipient the connection to the relay is only opened and closed. Database connections go back
    to the pool first, except inside a transaction.
    """
    release_connections()
    if not slots.acquire(timeout=WAIT_SECONDS):
        return _failed("no free slot")
    try:
        backend = mailers["default"]
        if message.recipients():
            backend.send_messages([message])
        else:
            backend.open()
            backend.close()
    except smtplib.SMTPRecipientsRefused:
        log.warning("mail refused by the recipient's side")
        return False
    except (OSError, ValueError) as error:  # smtplib's errors are OSError; a bad address is a ValueError
        return _failed(type(error).__name__)
    finally:
        slots.release()
    cache.delete(TROUBLE)
    return True


def _failed(why: str) -> bool:
    """Log the name of the error only: its text quotes addresses."""
    log.error("mail not sent: %s", why)
    cache.set(TROUBLE, True, TROUBLE_SECONDS)
    return False


def relay_fails() -> bool:
    """Return whether the last message of this installation failed, within the last five minutes."""
    return bool(cache.get(TROUBLE))
