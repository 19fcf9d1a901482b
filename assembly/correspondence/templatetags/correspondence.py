"""Template tags of messages: « Écrire » on a list, a message as one recipient reads it, what a person was sent."""

from typing import Any

from django import template
from django.urls import reverse

from assembly.correspondence.models import MessageFile, TeamMessage
from assembly.correspondence.queries import Preview, files_of, messages_to, preview_for
from assembly.correspondence.registry import list_group
from assembly.identity.models import Person
from assembly.web.forms import whole_number

register = template.Library()


@register.simple_tag(takes_context=True)
def write_address(context: template.Context, key: str, query: str) -> str:
    """Return where one writes to the people of this list with these filters; empty where this reader does not."""
    if list_group(key, context["request"].user, context["term"]) is None:
        return ""
    address = reverse("correspondence:write-to-list", args=[key])
    return f"{address}?{query}" if query else address


@register.simple_tag
def recipient_preview(message: TeamMessage, asked: str | None) -> Preview | None:
    """Return the message as the recipient at this place of the address reads it."""
    return preview_for(message, whole_number(asked or "1"))


@register.simple_tag
def message_files(message: TeamMessage) -> list[MessageFile]:
    return files_of(message)


@register.inclusion_tag("correspondence/_sent.html", takes_context=True)
def messages_sent_to(context: template.Context, person: Person) -> dict[str, Any]:
    """Show the latest messages that the team sent to this person, of those that this reader sees."""
    return {"deliveries": messages_to(person, context["request"].user)}
