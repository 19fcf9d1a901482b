"""In whose name the mails about accounts leave. `institution` registers the answer, since the assembly signs them."""

from collections.abc import Callable
from email.headerregistry import Address
from typing import Protocol


class Signatory(Protocol):
    """What a mail says of the house that sends it."""

    name: str
    authority_name: str
    sender_name: str
    sender_email: str
    reply_email: str
    contact_phone: str


_providers: list[Callable[[], Signatory | None]] = []


def sign_with(provider: Callable[[], Signatory | None]) -> None:
    """Register who signs: a provider returns the house, or None when it does not know."""
    if provider not in _providers:
        _providers.append(provider)


def signatory() -> Signatory | None:
    """Who signs the mails about accounts."""
    return next((house for provider in _providers if (house := provider())), None)


def mailbox_of(house: Signatory) -> str:
    """Write « Assemblée citoyenne <assemblee@…> », as the settings screen says."""
    return str(Address(house.sender_name, addr_spec=house.sender_email))
