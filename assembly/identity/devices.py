"""Known devices: a signed cookie, which gives no access. It only exempts from the limits of anonymous clients."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

AGE_SECONDS = 400 * 24 * 3600  # the longest lifetime that browsers accept
MOST_PEOPLE = 8  # of one shared device; the least recent one is dropped
SALT = "identity.device"


def _digest(email: str) -> str:
    """Return a keyed digest, so that the cookie of a shared device does not reveal another person's address."""
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:20]


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, people = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=AGE_SECONDS
        )
    except signing.BadSignature:
        return "", []
    return device, people


def device_of(request: HttpRequest, email: str) -> str:
    """Return the identifier of this device if `email` signed in from it before, otherwise the empty string."""
    device, people = _read(request)
    return device if _digest(email) in people else ""


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Store in the cookie that `email` signed in from this device."""
    device, people = _read(request)
    own = _digest(email)
    people = [own, *(other for other in people if other != own)][:MOST_PEOPLE]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([device or secrets.token_hex(16), people], salt=SALT),
        max_age=AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
