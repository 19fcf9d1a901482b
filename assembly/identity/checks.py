"""Check that a demonstration, which opens every role with one click, never runs in production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


@register()
def demo_is_local(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO and not settings.LOCAL:
        return [
            Error(
                "ASSEMBLY_DEMO opens every role without a password: it is refused outside a developer's machine.",
                hint="Remove ASSEMBLY_DEMO from the environment.",
                id="identity.E001",
            )
        ]
    return []


def refuse_demo_in_production() -> None:
    """Raise ImproperlyConfigured; the middleware calls this, because the web server runs no checks at its start."""
    if demo_is_local():
        raise ImproperlyConfigured("ASSEMBLY_DEMO is refused in production.")
