"""Personal links of mails, which work without signing in: each belongs to the address it was sent to.

The key of the row is in the link; the address only as a keyed digest, so that nobody can read it there. A link ends on
its last day, and as soon as the stored address is another one. An expired link offers a new one, which is sent to the
stored address: the page and its response are the same whether there is a recipient or not.
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
    """Yield the digests of an address for a link: with the present key first, then with the former ones."""
    text = email.strip().lower()
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield salted_hmac("identity.personal-link", text, secret=key, algorithm="sha256").hexdigest()[:20]


def is_digest_of(digest: str, email: str) -> bool:
    """Compare also with no address: a link that was printed in a letter ends when its person gets an address."""
    return any(constant_time_compare(digest, known) for known in address_digests(email))


@dataclass(frozen=True)
class SentLink:
    """Content of an authentic link: the key of its row, the digest of its address, its last day (None: no end)."""

    name: str
    digest: str
    ends_on: date | None

    def opens(self, email: str) -> bool:
        """Return whether the link has not ended and is still for the stored address."""
        is_over = self.ends_on is not None and self.ends_on < timezone.localdate()
        return not is_over and is_digest_of(self.digest, email)


class PersonalLink:
    """Kind of links. `lasting`: how long each is valid; None for one that only ends mail, which is always possible."""

    def __init__(self, salt: str, lasting: timedelta | None = LASTING) -> None:
        self.signer = Signer(salt=salt)
        self.lasting = lasting

    def token(self, name: str, email: str) -> str:
        """Return the token of a row for the address that it is sent to."""
        day = f"{timezone.localdate() + self.lasting:%Y%m%d}" if self.lasting else ""
        return self.signer.sign(f"{name}_{next(iter(address_digests(email)))}_{day}")

    def read(self, token: str) -> SentLink | None:
        """Return the content of a link; None when it was forged."""
        try:
            name, digest, day = self.signer.unsign(token).rsplit("_", 2)
            return SentLink(name, digest, date.fromisoformat(day) if day else None)
        except (BadSignature, ValueError):
            return None
