"""What every way of holding the seal's key must offer, so that others can join: tokens, signing services."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

BASIC = "B-B"
ARCHIVAL = "B-LTA"


class SealUnavailable(Exception):
    """The key cannot be used now: missing file, token unplugged. What it says is shown to whoever asked for a seal."""


class SealRefused(SealUnavailable):
    """Trying again by itself cannot help, or would lock the token: somebody has to act first."""


class TimestampUnavailable(Exception):
    """A time-stamping authority is configured and did not answer: nothing is published without it."""


class SignerBackend(Protocol):
    """Holds the key of the seal. `open()` gives a signer ready to use, kept warm between documents."""

    def open(self) -> "Signer": ...


@dataclass(frozen=True)
class SealedBytes:
    """The bytes with their seal, and what the register keeps about it."""

    content: bytes
    level: str
    subject: str
    issuer: str
    serial: str
    signed_at: datetime
    timestamped_at: datetime | None = None
