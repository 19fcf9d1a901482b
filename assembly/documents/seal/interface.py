"""The interface of every store of the seal's key, so that others can be added: tokens, signing services."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

BASIC = "B-B"
ARCHIVAL = "B-LTA"


class SealUnavailable(Exception):
    """The key cannot be used now: missing file, token unplugged. Its message is shown to the requester of the seal."""


class SealRefused(SealUnavailable):
    """A retry cannot help, or would lock the token: somebody has to act first."""


class TimestampUnavailable(Exception):
    """A time-stamping authority is configured and did not answer: nothing is published without it."""


class SignerBackend(Protocol):
    """Store of the seal's key. `open()` returns a signer ready to use, cached between documents."""

    def open(self) -> "Signer": ...


@dataclass(frozen=True)
class SealedBytes:
    """The bytes with their seal, and what the register stores about it."""

    content: bytes
    level: str
    subject: str
    issuer: str
    serial: str
    signed_at: datetime
    timestamped_at: datetime | None = None
