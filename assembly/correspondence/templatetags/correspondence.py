"""Template tags of messages: a message as one recipient reads it, its files."""

from django import template

from assembly.correspondence.models import MessageFile, TeamMessage
from assembly.correspondence.queries import Preview, files_of, preview_for
from assembly.web.forms import whole_number

register = template.Library()


@register.simple_tag
def recipient_preview(message: TeamMessage, asked: str | None) -> Preview | None:
    """Return the message as the recipient at this place of the address reads it."""
    return preview_for(message, whole_number(asked or "1"))


@register.simple_tag
def message_files(message: TeamMessage) -> list[MessageFile]:
    return files_of(message)
