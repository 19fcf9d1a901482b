"""Rate limits: guesses of a secret, and mails that an anonymous user can cause.

Attempts are counted in the database before they are checked, so parallel requests share one count. An anonymous client
counts per account and address, and per account whatever the address. A device that signed in to the account before
has a count of its own: attempts of others never lock it out. Devices are known by a signed cookie, which gives no
access: it only exempts from the limits of anonymous clients.
"""

import ipaddress
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _, ngettext

from assembly.identity.models import AttemptCounter

log = logging.getLogger(__name__)
FREE_ATTEMPTS = 5
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most `most` attempts in a window of `seconds` that begins with the first one.

    `grows`: from the fifth attempt on each next one is delayed, by 30 seconds then twice as long each time; a success
    deletes the count. Without it a success subtracts its own attempt and leaves those of others.

    `near`: threshold of a count that many clients share. From there on an attempt passes only where no limit of its
    client (`is_asker`: a network) has counted anything yet: a new client is not refused for what others did. `kind`:
    logged when the count comes to `near`.
    """

    key: str
    most: int
    seconds: int
    grows: bool = False
    near: int | None = None
    kind: str = ""
    is_asker: bool = False


class TooManyAttempts(ValidationError):
    """Raised before anything was checked or sent. The message says how long to wait."""

    def __init__(self, until: datetime) -> None:
        super().__init__(waiting_message(until - timezone.now()), code="too_many_attempts")


def waiting_message(wait: timedelta) -> str:
    minutes = -(-wait // timedelta(minutes=1))
    if minutes <= 90:
        return ngettext(
            "Trop d’essais. Attendez %(n)s minute, puis recommencez.",
            "Trop d’essais. Attendez %(n)s minutes, puis recommencez.",
            minutes,
        ) % {"n": minutes}
    return _(
        "Trop d’essais aujourd’hui depuis ici. Entrez depuis votre appareil habituel ou avec une clé d’accès, "
        "ou téléphonez à l’équipe."
    )


def delay_after(count: int) -> timedelta:
    """Return how long the attempt after number `count` is delayed."""
    if count < FREE_ATTEMPTS:
        return timedelta(0)
    return min(FIRST_DELAY * 2 ** (count - FREE_ATTEMPTS), LONGEST_DELAY)


@transaction.atomic
def count_attempt(limits: Sequence[Limit], *, newcomers_only: bool = False, weight: int = 1) -> None:
    """Count one attempt under every limit, or raise TooManyAttempts and count nothing.

    `weight`: of an attempt that counts for several (megabytes). `newcomers_only`: another resource is nearly full, a
    queue for instance. The upsert locks the rows, in the order of their keys: parallel requests block, and read what
    this one wrote.
    """
    now = timezone.now()
    limits = sorted(limits, key=lambda limit: limit.key)
    AttemptCounter.objects.bulk_create(
        [AttemptCounter(key=limit.key, since=now, last_at=now) for limit in limits],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["last_at"],
    )
    rows = AttemptCounter.objects.in_bulk([limit.key for limit in limits])
    for limit in limits:
        row = rows[limit.key]
        if now >= row.since + timedelta(seconds=limit.seconds):
            row.since, row.count, row.blocked_until = now, 0, None
    is_newcomer = not any(rows[limit.key].count for limit in limits if limit.is_asker)
    if newcomers_only and not is_newcomer:
        raise TooManyAttempts(now + timedelta(hours=1))
    for limit in limits:
        row = rows[limit.key]
        is_near = limit.near is not None and row.count >= limit.near
        if row.count + weight > limit.most or (is_near and not is_newcomer):
            raise TooManyAttempts(row.since + timedelta(seconds=limit.seconds))
        if row.blocked_until and now < row.blocked_until:
            raise TooManyAttempts(row.blocked_until)
        row.count += weight
        delay = delay_after(row.count) if limit.grows else None
        row.blocked_until = now + delay if delay else None  # a request that the lock delayed has an earlier `now`
        if limit.kind and row.count == limit.near:
            transaction.on_commit(partial(log.error, "many requests: %s, only newcomers are let in", limit.kind))
    AttemptCounter.objects.bulk_update(rows.values(), ["since", "count", "blocked_until"])


def may_attempt(limits: Sequence[Limit]) -> bool:
    """Count one attempt; return False, and count nothing, where it is one too many. For silent refusals."""
    try:
        count_attempt(limits)
    except TooManyAttempts:
        return False
    return True


@transaction.atomic
def uncount_attempt(limits: Sequence[Limit]) -> None:
    """Uncount a successful attempt: it was no guess. Rows are locked in the order of `count_attempt`."""
    grown = {limit.key for limit in limits if limit.grows}
    keys = sorted(limit.key for limit in limits)
    for row in AttemptCounter.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("key"):
        if row.key in grown:
            row.delete()
        else:
            row.count = max(row.count - 1, 0)
            row.save(update_fields=["count"])


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


DEVICE_SECONDS = 400 * 24 * 3600  # the longest lifetime that browsers accept
MOST_PEOPLE = 8  # of one shared device; the least recent one is dropped
DEVICE_SALT = "identity.device"


def _email_digest(email: str) -> str:
    """Return a keyed digest, so that the cookie of a shared device does not reveal another person's address."""
    return salted_hmac(DEVICE_SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:20]


def _read_device(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, people = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=DEVICE_SALT, max_age=DEVICE_SECONDS
        )
    except signing.BadSignature:
        return "", []
    return device, people


def device_of(request: HttpRequest, email: str) -> str:
    """Return the identifier of this device if `email` signed in from it before, otherwise the empty string."""
    device, people = _read_device(request)
    return device if _email_digest(email) in people else ""


def remember_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Store in the cookie that `email` signed in from this device."""
    device, people = _read_device(request)
    own = _email_digest(email)
    people = [own, *(other for other in people if other != own)][:MOST_PEOPLE]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([device or secrets.token_hex(16), people], salt=DEVICE_SALT),
        max_age=DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
