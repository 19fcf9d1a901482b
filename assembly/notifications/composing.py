"""From a row of the outbox to the message that leaves: words of the app, address and name of the assembly."""

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
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.models.delivery import message_id
from assembly.notifications.registry import MessageKind, kinds
from assembly.ui.words import SUBJECT_LENGTH, shortened

BLANKS = re.compile(r"(?:(?!\u00a0)[\s\u2028\u2029\x00-\x1f\x7f])+")
BLANK_LINES = re.compile(r"\n{3,}")
PLAIN_LETTER = "notifications/letter_plain.html"


class Message(EmailMultiAlternatives):
    """A message whose bytes are made once, so that the digest kept as proof is that of what left."""

    @cached_property
    def written(self) -> PythonMessage:
        return super().message(policy=policy.SMTP)

    def message(self, *, policy: Any = None) -> PythonMessage:
        return self.written

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.written.as_bytes()).hexdigest()


class BadAddress(ValueError):
    """The address cannot be one: no server will ever be asked."""


def one_line(text: str) -> str:
    """No line break ever enters a header, whoever typed the words."""
    return BLANKS.sub(" ", text).strip()


def subject_of(delivery: Delivery, context: dict[str, Any]) -> str:
    """Return its subject: one line of at most SUBJECT_LENGTH signs."""
    words = one_line(render_to_string(f"{kinds[delivery.distribution.kind].template}.subject.txt", context))
    return shortened(words, SUBJECT_LENGTH)


def template_context(delivery: Delivery, kind: MessageKind) -> dict[str, Any]:
    """Return what the templates of `kind` read for this recipient."""
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
    """Build the message of one delivery; raises BadAddress when nobody could receive it."""
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
    """What a distribution of `kind` about `subject` would bring, to one's own address and marked so. Writes no row."""
    distribution = Distribution(
        kind=kind,
        subject_type=subject._meta.label,  # noqa: SLF001 -- _meta is Django's public name
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


def text_again(delivery: Delivery) -> str:
    """Write the words once more, for the reader's own page; empty when they held a secret link."""
    kind = kinds[delivery.distribution.kind]
    if kind.forgets_context:
        return ""
    return BLANK_LINES.sub("\n\n", render_to_string(f"{kind.template}.txt", template_context(delivery, kind))).strip()


def sender(delivery: Delivery) -> str:
    """Return the name and address that recipients read: those of the assembly's settings."""
    assembly = delivery.distribution.assembly
    return mailbox(assembly.sender_name, assembly.sender_email)


def mailbox(name: str, address: str) -> str:
    """Write « Name <address> », quoted as the standard wants."""
    try:
        return str(Address(display_name=one_line(name), addr_spec=address))
    except (ValueError, IndexError) as error:
        raise BadAddress(address) from error


def headers(delivery: Delivery, unsubscribe: str) -> dict[str, str]:
    """Say whose list this is, and that nobody should answer by machine. Only optional mail can be refused."""
    assembly = delivery.distribution.assembly
    domain = assembly.sender_email.rpartition("@")[2]
    found = {
        "Message-ID": str(delivery.message_id),
        "List-Id": f"<{assembly.slug}.{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }
    if unsubscribe:
        found |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return found


def letter_html(delivery: Delivery) -> str:
    """Render the letter of one delivery; a kind without its own gets the words of its mail on paper."""
    kind = kinds[delivery.distribution.kind]
    context = template_context(delivery, kind)
    template = select_template([f"{kind.template}.letter.html", PLAIN_LETTER])
    if template.template.name == PLAIN_LETTER:
        context["body"] = BLANK_LINES.sub("\n\n", render_to_string(f"{kind.template}.txt", context)).strip()
    return template.render(context)
