"""What the sign-in page asks."""

from django import template

from assembly.identity import sending

register = template.Library()


@register.simple_tag
def mail_relay_fails() -> bool:
    """Whether codes do not leave at present."""
    return sending.relay_fails()
