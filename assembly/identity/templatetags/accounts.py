"""What the sign-in page asks."""

from django import template
from django.conf import settings

from assembly.identity import sending
from assembly.identity.models import User
from assembly.identity.queries import demo_accounts

register = template.Library()


@register.simple_tag
def one_click_accounts() -> list[User]:
    """Accounts to offer in one click: none outside a demonstration."""
    return list(demo_accounts()) if settings.DEMO else []


@register.simple_tag
def mail_relay_fails() -> bool:
    """Whether codes do not leave at present."""
    return sending.relay_fails()
