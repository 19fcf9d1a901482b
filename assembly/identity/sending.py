"""Mails that a request sends itself (codes, notices about an account), without holding a database connection.

A relay may take seconds or never speak. The message is written inside the request, and handed over once the last byte
of its answer has left (`assembly.ui.after_answer`): the time of an answer tells nothing of the address. For an address
without account the message has no recipient: the relay is called and thanked, so that slots and `TROUBLE` tell nothing
either. At most `MOST_AT_ONCE` messages leave at once per process; whoever asks for one more is told so at once.
What becomes of a message is not known when the page is shown: `TROUBLE` tells every waiting page that the relay
fails.
"""

import logging
import smtplib
import threading
from collections.abc import Iterable

from django.core.cache import cache
from django.core.mail import EmailMessage, mailers
from django.http import HttpRequest

from assembly.ui.pool import give_connections_back

log = logging.getLogger("assembly.identity")

MOST_AT_ONCE = 20
WAIT_SECONDS = 5
TROUBLE = "mail-relay-fails"
TROUBLE_SECONDS = 300
PENDING = "mails_after_response"

slots = threading.BoundedSemaphore(MOST_AT_ONCE)


def has_room() -> bool:
    """Whether this process may send one more message now. Nothing is reserved: a request may still be abandoned."""
    if not slots.acquire(blocking=False):
        return False
    slots.release()
    return True


def send_after_response(request: HttpRequest, message: EmailMessage) -> None:
    """Leave `message` to the end of the request."""
    setattr(request, PENDING, [*pending(request), message])


def pending(request: HttpRequest) -> list[EmailMessage]:
    return getattr(request, PENDING, [])


def hand_all_to_relay(messages: Iterable[EmailMessage]) -> None:
    for message in messages:
        hand_to_relay(message)


def hand_to_relay(message: EmailMessage) -> bool:
    """Hand one message to the relay and wait for its word. False when it was not taken; nothing is raised.

    Of one without recipient only the connection to the relay is opened and closed. Connections of the database go
    back to the pool first, except inside a transaction.
    """
    give_connections_back()
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
    """The name of the error only: its text quotes addresses."""
    log.error("mail not sent: %s", why)
    cache.set(TROUBLE, True, TROUBLE_SECONDS)
    return False


def relay_fails() -> bool:
    """Whether the last message of this installation did not leave, within the last five minutes."""
    return bool(cache.get(TROUBLE))
