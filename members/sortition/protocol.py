"""Protocol AC-TIRAGE/1: what is announced, which panel a ticket names, in which order people are called.

Nothing here is random and nothing is secret. `verifier.py` is the same code, as a program that a sceptic runs alone.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from members.sortition.verifier import TICKETS, Refused, below, rank, read_ranges, seed, ticket

__all__ = [
    "ALTERNATES",
    "TICKETS",
    "Announcement",
    "Lot",
    "Refused",
    "below",
    "draw_few",
    "drawn_lot",
    "rank",
    "read_lots",
    "seed",
    "sha256",
    "ticket",
]

ALTERNATES = "suppleants"


@dataclass(frozen=True)
class Lot:
    """Panel with its tickets, from the first to the last."""

    number: int
    first: int
    last: int
    members: tuple[str, ...]

    @property
    def tickets(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Announcement:
    """Digests of what is published before the draw. `draw`: 2 where the first one failed, and so on."""

    pool: str
    quotas: str
    lots: str
    draw: int = 1

    @property
    def text(self) -> str:
        """Return the content of `annonce.txt`: the beginning of the message that becomes the seed."""
        return f"AC-TIRAGE/1\npool={self.pool}\nquotas={self.quotas}\nlots={self.lots}\ntirage={self.draw}\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_lots(content: bytes) -> tuple[Lot, ...]:
    """Read a `lots.csv`; raise Refused where a ticket is missing or repeated, or a panel is invalid."""
    try:
        ranges = read_ranges(content)
    except Refused:
        raise
    except ValueError as error:
        raise Refused(f"lots.csv ne peut pas être lu : {error}") from error
    return tuple(Lot(number, first, last, tuple(ids)) for number, (first, last, ids) in enumerate(ranges, 1))


def drawn_lot(lots: Sequence[Lot], drawn: int) -> Lot:
    """Return the lot that holds this ticket."""
    return next(lot for lot in lots if lot.first <= drawn <= lot.last)


def draw_few(key: bytes, label: str, ids: Iterable[str], count: int) -> list[str]:
    """Draw a few out of a list (spokespersons, a committee, assessors): the first of the rank, under its own label."""
    return rank(key, label, ids)[:count]
