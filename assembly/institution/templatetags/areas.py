"""Template filter for links that lead to another area: `{% if address|opens_for:user %}`."""

from typing import Any

from django import template

from assembly.institution.areas import may_enter

register = template.Library()


@register.filter
def opens_for(address: str, user: Any) -> bool:
    """Return whether the area of this address is open to the reader."""
    return may_enter(user, address)
