"""Credentials of an invitation: a signed link for a mail, a code that can be read aloud for a letter."""

import hashlib
import secrets
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without look-alikes: 0 O, 1 I L, U V
GROUPS, LENGTH = 4, 4
SALT = "assembly.institution.invitation"


def new_code() -> str:
    """Return sixteen random characters in four groups (78 bits): K7QF-3MXP-9TRW-2HJD."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def code_digest(code: str) -> str:
    """Return the digest of a code, which is all that the database stores; spaces, dashes and case do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(f"{SALT}:{plain}".encode()).hexdigest()


def token(public_id: UUID) -> str:
    return signing.dumps(public_id.hex, salt=SALT)


def read_token(text: str) -> UUID | None:
    """Return the invitation's id in a link, or None when the link is not signed by this site."""
    try:
        return UUID(signing.loads(text, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def invitation_address(public_id: UUID) -> str:
    """Return the absolute address of an invitation, for a mail."""
    return settings.SITE_URL + reverse("institution:invitation", args=[token(public_id)])
