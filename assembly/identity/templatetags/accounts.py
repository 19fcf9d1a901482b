"""Template tag of the sign-in page."""

from django import template

from assembly.identity import sending

register = template.Library()


@register.simple_tag
def mail_relay_fails() -> bool:
    """Return whether codes cannot be sent at present."""
    return sending.relay_fails()
