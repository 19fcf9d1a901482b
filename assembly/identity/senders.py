"""In whose name the sign-in mails leave. `institution` registers the answer, since the assembly signs them."""

from collections.abc import Callable

from django.conf import settings

_providers: list[Callable[[], str | None]] = []


def sign_with(provider: Callable[[], str | None]) -> None:
    """Register who signs: a provider returns « Name <address> », or None when it does not know."""
    if provider not in _providers:
        _providers.append(provider)


def from_address() -> str:
    """The sender of the sign-in mails."""
    return next((address for provider in _providers if (address := provider())), settings.DEFAULT_FROM_EMAIL)
