"""Definition of the rate limits: guesses of a secret, and mails that an anonymous user can cause.

An anonymous client counts per account and address, and per account whatever the address. A device that signed in to
the account before (`devices.py`) has a count of its own: attempts of others never lock it out.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from assembly.identity.actions.attempts import Limit
from assembly.identity.devices import device_of
from assembly.identity.models import AttemptCounter

TEN_MINUTES, HOUR, DAY = 600, 3600, 24 * 3600
ATTEMPTS_A_CODE = 5
WIDER = 3


def key_of(*parts: str) -> str:
    return salted_hmac("identity.attempts", "\n".join(parts), algorithm="sha256").hexdigest()


def guess_limits(request: HttpRequest, kind: str, email: str, challenge: str = "") -> list[Limit]:
    """Return the limits of one attempt to sign in as `email`; `challenge` identifies the code sent, if any."""
    email = email.strip().lower()
    limits = [Limit(key_of(kind, "challenge", email, challenge), ATTEMPTS_A_CODE, DAY)] if challenge else []
    if device := device_of(request, email):
        return [*limits, Limit(key_of(kind, "device", email, device), 20, DAY, grows=True)]
    of_networks = [
        Limit(key_of(kind, "address", email, network), most, DAY, grows=True)
        for network, most in zip(networks_of(get_ip(request)), (10, 20), strict=False)
    ]
    return [*limits, *of_networks, Limit(key_of(kind, "account", email), 30, DAY)]


def mail_limits(request: HttpRequest, kind: str, email: str) -> list[Limit]:
    """Return the limits of one mail to `email` caused by this request."""
    email = email.strip().lower()
    if device := device_of(request, email):
        budgets = {("device", device): (5, 25)}
    else:
        of_networks = zip(networks_of(get_ip(request)), ((4, 10), (5, 15)), strict=False)
        budgets = {("address", network): most for network, most in of_networks} | {("account", ""): (6, 25)}
    return [
        Limit(key_of(kind, "mails", str(seconds), *whose, email), most, seconds)
        for whose, (soon, daily) in budgets.items()
        for most, seconds in ((soon, TEN_MINUTES), (daily, DAY))
    ]


def networks_of(ip: str) -> list[str]:
    """Return the networks that an address is counted in, the narrowest first.

    An address of IPv4 is one place. In IPv6 a home has the first 64 bits, and anybody can get a /48, which holds
    65,536 of them: both are counted.
    """
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefixes = (64, 48) if address.version == 6 else (32,)
    return [str(ipaddress.ip_network((address, prefix), strict=False)) for prefix in prefixes]


def network_limits(kind: str, ip: str, *rates: tuple[int, int]) -> list[Limit]:
    """Return the limits of each network of an address; `rates` are pairs of count and seconds.

    The wider network has three times as much.
    """
    return [
        Limit(key_of(kind, str(seconds), "network", network), most * WIDER**place, seconds, is_asker=True)
        for place, network in enumerate(networks_of(ip))
        for most, seconds in rates
    ]


def anonymous_limits(kind: str, ip: str, *rates: tuple[int, int], emails: Iterable[str] = ()) -> list[Limit]:
    """Return the limits of a request by an anonymous user: by network, by ceiling, and for mail by recipient."""
    limits = [*network_limits(kind, ip, *rates), CEILINGS[kind].limit()]
    for email in {email.strip().lower() for email in emails if email}:
        limits += mailbox_limits(kind, email)
    return limits


def mailbox_limits(kind: str, email: str) -> list[Limit]:
    """Return the limits of mail of one kind that anonymous users may cause to one address: 3 an hour and 10 a day.

    For new clients three times as many, so that requests of others with an address never block its owner.
    """
    return [
        Limit(key_of(kind, str(seconds), "mailbox", email), near * WIDER, seconds, near=near)
        for near, seconds in ((3, HOUR), (10, DAY))
    ]


@dataclass(frozen=True)
class Ceiling:
    """Daily limit of what all anonymous users together may cause.

    From `near` on, clients with a count are refused and new ones pass, so that nobody closes a form to the others; the
    team sees it on its first page. Ten times as much is the absolute limit, which protects our relay.
    """

    kind: str
    label: Any
    near: int

    @property
    def key(self) -> str:
        return key_of(self.kind, str(DAY), "house")

    def limit(self) -> Limit:
        return Limit(self.key, self.near * 10, DAY, near=self.near, kind=self.kind)


CEILINGS: dict[str, Ceiling] = {}


def add_ceiling(kind: str, label: Any, near: int) -> None:
    """Add a ceiling for requests of anonymous users; `label` names the form for the team."""
    CEILINGS[kind] = Ceiling(kind, label, near)


def near_ceilings() -> list[tuple[Ceiling, int]]:
    """Return the ceilings that are reached for all but new clients, each with its count of the day."""
    since = timezone.now() - timedelta(seconds=DAY)
    rows = AttemptCounter.objects.filter(key__in=[each.key for each in CEILINGS.values()], since__gt=since)
    counts = dict(rows.values_list("key", "count"))
    return [(each, counts[each.key]) for each in CEILINGS.values() if counts.get(each.key, 0) >= each.near]


def ascii_address(email: str) -> str:
    """Return the address with its domain in ASCII, as mail headers require; raise ValidationError."""
    name, _at, domain = email.rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError as refused:
        raise ValidationError(_("Cette adresse n’existe pas sous cette forme."), code="email") from refused
