"""What is limited, for whom and how tightly: guesses of a secret, and mails that somebody else can cause.

A stranger counts per account and address, and per account whatever the address. A device that signed in to the account
before (`devices.py`) has a count of its own: what strangers do never locks it out.
"""

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from assembly.identity.actions.attempts import Limit
from assembly.identity.devices import device_of

TEN_MINUTES, DAY = 600, 24 * 3600
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
