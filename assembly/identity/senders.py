"""Signatory of the mails about accounts. `institution` adds it, since the assembly signs them."""

from collections.abc import Callable
from email.headerregistry import Address
from typing import Protocol


class Signatory(Protocol):
    """Fields of the assembly that a mail contains."""

    name: str
    authority_name: str
    sender_name: str
    sender_email: str
    reply_email: str
    contact_phone: str


_providers: list[Callable[[], Signatory | None]] = []


def add_signatory(provider: Callable[[], Signatory | None]) -> None:
    """Add a provider, which returns the signatory, or None when it has none."""
    if provider not in _providers:
        _providers.append(provider)


def signatory() -> Signatory | None:
    """Return the signatory of the mails about accounts."""
    return next((signer for provider in _providers if (signer := provider())), None)


def mailbox_of(signatory: Signatory) -> str:
    """Return « Assemblée citoyenne <assemblee@…> », as on the settings screen."""
    return str(Address(signatory.sender_name, addr_spec=signatory.sender_email))
