"""What is limited, for whom and how tightly: guesses of a secret, and mails that somebody else can cause.

A stranger counts per account and address, and per account whatever the address. A device that signed in to the account
before (`devices.py`) has a count of its own: what strangers do never locks it out.
"""

import ipaddress
from collections.abc import Mapping, Sequence

from allauth.core.internal.ratelimit import get_ip
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from assembly.identity.actions.attempts import Limit
from assembly.identity.devices import device_of

TEN_MINUTES, HOUR, DAY = 600, 3600, 24 * 3600
ATTEMPTS_A_CODE = 5


def key_of(*parts: str) -> str:
    return salted_hmac("identity.attempts", "\n".join(parts), algorithm="sha256").hexdigest()


def guesses(request: HttpRequest, kind: str, email: str, challenge: str = "") -> list[Limit]:
    """Limits of one attempt to prove that one is `email`. `challenge` names the code that was sent, if one was."""
    email = email.strip().lower()
    limits = [Limit(key_of(kind, "challenge", email, challenge), ATTEMPTS_A_CODE, DAY)] if challenge else []
    if device := device_of(request, email):
        return [*limits, Limit(key_of(kind, "device", email, device), 20, DAY, grows=True)]
    return [
        *limits,
        Limit(key_of(kind, "address", email, get_ip(request)), 10, DAY, grows=True),
        Limit(key_of(kind, "account", email), 30, DAY),
    ]


def mails(request: HttpRequest, kind: str, email: str) -> list[Limit]:
    """Limits of one mail to `email` that this request asks for."""
    email = email.strip().lower()
    if device := device_of(request, email):
        budgets = {("device", device): (5, 25)}
    else:
        budgets = {("address", get_ip(request)): (4, 10), ("account", ""): (6, 25)}
    return [
        Limit(key_of(kind, "mails", str(seconds), *whose, email), most, seconds)
        for whose, (soon, daily) in budgets.items()
        for most, seconds in ((soon, TEN_MINUTES), (daily, DAY))
    ]


def network_of(ip: str) -> str:
    """One household or one place: an address of IPv4, the 64 first bits of IPv6."""
    address = ipaddress.ip_address(ip)
    return str(ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False))


def budgets(kind: str, asked: Mapping[tuple[str, str], Sequence[tuple[int, int]]]) -> list[Limit]:
    """Limits of what a stranger makes us do: by (whose, which one), pairs of how many and in how many seconds."""
    return [
        Limit(key_of(kind, str(seconds), *whose), most, seconds)
        for whose, allowed in asked.items()
        for most, seconds in allowed
    ]


def ascii_address(email: str) -> str:
    """The domain as servers write it: « exämple.fr » is no header."""
    name, _at, domain = email.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError as refused:
        raise ValidationError(_("Cette adresse n’existe pas sous cette forme."), code="email") from refused
