"""A demonstration opens every role with one click: never in production."""

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
    """The web server runs no checks at its start, so the middleware asks again."""
    if demo_is_local():
        raise ImproperlyConfigured("ASSEMBLY_DEMO is refused in production.")
