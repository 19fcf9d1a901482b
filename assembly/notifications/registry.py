"""Registry of the kinds of messages, filled by the `contributions` of each app: `add_messages(SittingNotice)`.

    class SittingNotice(MessageKind):
        kind = "sitting-notice"
        template = "sessions/sittings/mail/notice"
        label = _("Convocation")

        def context(self, distribution, delivery):
            return {"sitting": distribution.subject.sitting}

        def attachments(self, distribution, delivery):
            return [Attachment("ordre-du-jour.pdf", "application/pdf", content)]

Templates: `<template>.subject.txt`, `.txt`, `.html`, and `.letter.html` for people who get letters. Their variables
are what `context` returns, `own` (the JSON given for this recipient to `distribute`), `recipient`, `delivery`,
`distribution`, `assembly` and `site_url`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.preferences import unsubscribe_url


@dataclass(frozen=True)
class Attachment:
    """File of a message. `media_type` may carry parameters: `text/calendar; method=CANCEL`."""

    name: str
    media_type: str
    content: bytes


class MessageKind:
    """Kind of message. `transactional`: it has an effect in law or on a right, so preferences do not apply."""

    kind: ClassVar[str]
    template: ClassVar[str]
    label: ClassVar[Any]
    transactional: ClassVar[bool] = True
    erases_context: ClassVar[bool] = False  # the personal link is a secret: it is erased after sending

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        """Return name and address of the recipient, at sending; None drops what nobody is to get any more."""
        return delivery.recipient_name, delivery.address

    def unsubscribe_url(self, delivery: Delivery) -> str:
        """Return where this recipient refuses such mail, by one click or on a page; nothing for obligatory mail."""
        return "" if self.transactional else unsubscribe_url(delivery)

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        """Return the template context of this kind, merged into the common one."""
        return {}

    def attachments(self, distribution: Distribution, delivery: Delivery) -> list[Attachment]:
        """Return the files of this recipient's message; called at sending, it must return the same bytes each time."""
        return []

    def attachment_names(self, distribution: Distribution) -> list[str]:
        """Return the file names that the screen of the distribution lists."""
        return []


kinds: dict[str, MessageKind] = {}


def forgotten(distribution: Distribution) -> dict[str, Any]:
    """Return the columns of a delivery that are emptied once it left, or never will."""
    return {"context": {}} if kinds[distribution.kind].erases_context else {}


def add_messages(*messages: type[MessageKind]) -> None:
    """Add kinds of messages; raise ValueError for a name in use, which would send the texts of another kind."""
    for message in messages:
        known = kinds.get(message.kind)
        if known and type(known).__qualname__ != message.__qualname__:
            raise ValueError(f"Two kinds of messages are called {message.kind!r}.")
        kinds[message.kind] = message()
