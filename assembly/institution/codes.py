"""Ways in that an invitation gives: a signed link for a mail, a code that can be read aloud for a letter."""

import hashlib
import secrets
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without what the eye confuses: 0 O, 1 I L, U V
GROUPS, LENGTH = 4, 4
SALT = "assembly.institution.invitation"


def new_code() -> str:
    """Sixteen signs in four groups (78 bits): K7QF-3MXP-9TRW-2HJD."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def code_digest(code: str) -> str:
    """What the database keeps of a code. Spaces, dashes and small letters do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(f"{SALT}:{plain}".encode()).hexdigest()


def token(public_id: UUID) -> str:
    return signing.dumps(public_id.hex, salt=SALT)


def read_token(text: str) -> UUID | None:
    """The invitation that the link speaks of, or None when the link was not made here."""
    try:
        return UUID(signing.loads(text, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def invitation_address(public_id: UUID) -> str:
    """The whole address, for a mail."""
    return settings.SITE_URL + reverse("institution:invitation", args=[token(public_id)])
