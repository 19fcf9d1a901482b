"""Composition of a message from a row of the outbox: texts of the app, address and name of the assembly."""

import hashlib
import re
import uuid
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage as PythonMessage
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import models
from django.template.loader import render_to_string, select_template
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.notifications.models import Delivery, Distribution, message_id
from assembly.notifications.registry import MessageKind, kinds
from assembly.text.french import SUBJECT_LENGTH, shortened

BLANKS = re.compile(r"(?:(?!\u00a0)[\s\u2028\u2029\x00-\x1f\x7f])+")
BLANK_LINES = re.compile(r"\n{3,}")
PLAIN_LETTER = "notifications/letter_plain.html"


class Message(EmailMultiAlternatives):
    """Message whose bytes are built once, so that the digest stored as proof is that of what was sent."""

    @cached_property
    def mime_message(self) -> PythonMessage:
        return super().message(policy=policy.SMTP)

    def message(self, *, policy: Any = None) -> PythonMessage:
        return self.mime_message

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.mime_message.as_bytes()).hexdigest()


class BadAddress(ValueError):
    """Raised for a text that cannot be an address: no server is contacted."""


def one_line(text: str) -> str:
    """Replace line breaks, which must never enter a header, whoever typed the text."""
    return BLANKS.sub(" ", text).strip()


def subject_of(delivery: Delivery, context: dict[str, Any]) -> str:
    """Return the subject: one line of at most SUBJECT_LENGTH characters."""
    subject = one_line(render_to_string(f"{kinds[delivery.distribution.kind].template}.subject.txt", context))
    return shortened(subject, SUBJECT_LENGTH)


def template_context(delivery: Delivery, kind: MessageKind) -> dict[str, Any]:
    """Return the variables for the templates of `kind` and this recipient."""
    distribution = delivery.distribution
    return {
        **kind.context(distribution, delivery),
        "own": delivery.context,
        "recipient": delivery.person,
        "delivery": delivery,
        "distribution": distribution,
        "assembly": distribution.assembly,
        "site_url": settings.SITE_URL,
        "unsubscribe_url": kind.unsubscribe_url(delivery),
    }


def email_message(delivery: Delivery) -> Message:
    """Build the message of one delivery; raise BadAddress when nobody could receive it."""
    try:
        validate_email(delivery.address)
    except ValidationError as error:
        raise BadAddress(delivery.address) from error
    kind = kinds[delivery.distribution.kind]
    context = template_context(delivery, kind)
    text = render_to_string(f"{kind.template}.txt", context)
    message = Message(
        subject=subject_of(delivery, context),
        body=BLANK_LINES.sub("\n\n", text).strip() + "\n",
        from_email=sender(delivery),
        to=[mailbox(delivery.recipient_name, delivery.address)],
        reply_to=[delivery.distribution.assembly.reply_email],
        headers=headers(delivery, context["unsubscribe_url"]),
    )
    message.attach_alternative(render_to_string(f"{kind.template}.html", context), "text/html")
    for attachment in kind.attachments(delivery.distribution, delivery):
        message.attach(one_line(attachment.name), attachment.content, attachment.media_type)
    return message


def trial_message(kind: str, subject: models.Model, to: User, term: Term, own: dict[str, Any]) -> Message:
    """Build the message that a distribution of `kind` would send, marked as a trial and to one's own address.

    Write no row.
    """
    distribution = Distribution(
        kind=kind,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        assembly=term.assembly,
        term=term,
    )
    delivery = Delivery(
        public_id=uuid.uuid4(),
        distribution=distribution,
        person=to.person,
        recipient_name=to.person.full_name,
        address=to.email,
        context=own,
    )
    delivery.message_id = message_id(delivery.public_id, delivery.issue, term.assembly.sender_email.rpartition("@")[2])
    message = email_message(delivery)
    message.subject = f"{_('Essai')} : {message.subject}"
    return message


def render_text(delivery: Delivery) -> str:
    """Render the text once more, for the recipient's own page; return nothing when it held a secret link."""
    kind = kinds[delivery.distribution.kind]
    if kind.erases_context:
        return ""
    return BLANK_LINES.sub("\n\n", render_to_string(f"{kind.template}.txt", template_context(delivery, kind))).strip()


def sender(delivery: Delivery) -> str:
    """Return the name and address of the From header: those of the assembly's settings."""
    assembly = delivery.distribution.assembly
    return mailbox(assembly.sender_name, assembly.sender_email)


def mailbox(name: str, address: str) -> str:
    """Return « Name <address> », quoted by the standard; raise BadAddress."""
    try:
        return str(Address(display_name=one_line(name), addr_spec=address))
    except (ValueError, IndexError) as error:
        raise BadAddress(address) from error


def headers(delivery: Delivery, unsubscribe: str) -> dict[str, str]:
    """Return headers that identify the list and forbid automatic replies. Only optional mail can be refused."""
    assembly = delivery.distribution.assembly
    domain = assembly.sender_email.rpartition("@")[2]
    fields = {
        "Message-ID": str(delivery.message_id),
        "List-Id": f"<{assembly.slug}.{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if unsubscribe:
        fields |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return fields


def letter_html(delivery: Delivery) -> str:
    """Render the letter of one delivery; a kind without a letter template gets the text of its mail on paper."""
    kind = kinds[delivery.distribution.kind]
    context = template_context(delivery, kind)
    template = select_template([f"{kind.template}.letter.html", PLAIN_LETTER])
    if template.template.name == PLAIN_LETTER:
        context["body"] = BLANK_LINES.sub("\n\n", render_to_string(f"{kind.template}.txt", context)).strip()
    return template.render(context)
