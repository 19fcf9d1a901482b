"""Links of mails that open something without signing in: each belongs to the address it was sent to.

What it names stands in the link; the address only as a keyed digest, so that nobody reads it there. A link ends on its
day, and as soon as the address on file is another one. Whoever opens an ended link is offered a new one, which goes to
the address on file: the page and its answer are the same whether there is anybody to write to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

LASTING = timedelta(days=180)


def address_digests(email: str) -> Iterable[str]:
    """Return what stands for an address in a link: by the present key first, then by those before it."""
    text = email.strip().lower()
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac("identity.personal-link", text, secret=key, algorithm="sha256").hexdigest()[:20]


def is_digest_of(digest: str, email: str) -> bool:
    """Also of no address: a link that was printed in a letter ends once its person has one."""
    return any(constant_time_compare(digest, known) for known in address_digests(email))


@dataclass(frozen=True)
class SentLink:
    """What an authentic link says: the name of its row, the digest of its address, its last day (None: no end)."""

    name: str
    digest: str
    ends_on: date | None

    def opens(self, email: str) -> bool:
        """Whether it is still that of the address on file."""
        is_over = self.ends_on is not None and self.ends_on < timezone.localdate()
        return not is_over and is_digest_of(self.digest, email)


class PersonalLink:
    """A nature of links. `lasting`: how long each lasts; None for what only ends mail, which is always possible."""

    def __init__(self, salt: str, lasting: timedelta | None = LASTING) -> None:
        self.signer = Signer(salt=salt)
        self.lasting = lasting

    def token(self, name: str, email: str) -> str:
        """Return the link of a row for the address that it is sent to."""
        day = f"{timezone.localdate() + self.lasting:%Y%m%d}" if self.lasting else ""
        return self.signer.sign(f"{name}_{next(iter(address_digests(email)))}_{day}")

    def read(self, token: str) -> SentLink | None:
        """Return what the link says; None when it was made up."""
        try:
            name, digest, day = self.signer.unsign(token).rsplit("_", 2)
            return SentLink(name, digest, date.fromisoformat(day) if day else None)
        except (BadSignature, ValueError):
            return None
