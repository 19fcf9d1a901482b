"""Frames of a socket: the y-protocols' frames for sync and presence, and two of this product.

Numbers and strings are written as lib0 does: seven bits a byte, the lowest first. 100 is how many of the sync messages
of this connection that have data (steps 2 and updates, counted from 1, empty ones included) are settled. 101 is a JSON
object: `{"writable", "state", "role"}`, or `{"rejected": why, …}`.
"""

import json
from dataclasses import dataclass
from typing import Any


class Malformed(ValueError):
    """Bytes that no editor of this product sends."""


MOST_BITS = 63


def write_uint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(0x80 | (number & 0x7F))
        number >>= 7
    out.append(number)
    return bytes(out)


def write_bytes(data: bytes) -> bytes:
    """Return bytes with their length before them."""
    return write_uint(len(data)) + data


def write_text(text: str) -> bytes:
    """Return a string with its length in UTF-8 bytes before it."""
    return write_bytes(text.encode())


class ByteReader:
    """Forward reader of foreign bytes; it raises Malformed and nothing else."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.end = len(data)

    def byte(self) -> int:
        at = self.at
        if at >= self.end:
            raise Malformed("cut short")
        self.at = at + 1
        return self.data[at]

    def uint(self) -> int:
        """Read an unsigned number of at most 53 bits, which is all that a browser can count."""
        at, data = self.at, self.data
        try:
            number = data[at]
            at += 1
            if number > 0x7F:
                number &= 0x7F
                shift = 7
                while True:
                    part = data[at]
                    at += 1
                    number |= (part & 0x7F) << shift
                    if part <= 0x7F:
                        break
                    shift += 7
                    if shift > MOST_BITS:
                        raise Malformed("number too long")
        except IndexError:
            raise Malformed("cut short") from None
        self.at = at
        return number

    def skip(self, length: int) -> None:
        self.at += length
        if self.at > self.end:
            raise Malformed("cut short")

    def bytes(self) -> bytes:
        """Read bytes with their length before them."""
        length = self.uint()
        start = self.at
        self.skip(length)
        return self.data[start : self.at]

    def text(self) -> str:
        try:
            return self.bytes().decode()
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None

    def finish(self) -> None:
        """Raise Malformed when anything follows."""
        if self.at != self.end:
            raise Malformed("more than was announced")


SYNC, AWARENESS, QUERY_AWARENESS, ACK, STATUS = 0, 1, 3, 100, 101
STEP_1, STEP_2, UPDATE = 0, 1, 2
CLOSE_MALFORMED, CLOSE_SIGNED_OUT, CLOSE_NO_RIGHT, CLOSE_TOO_LARGE, CLOSE_OLD_SCHEMA = 4400, 4401, 4403, 4413, 4426
CLOSE_TRY_LATER = 1013
MOST_PRESENCES = 500


@dataclass(frozen=True, slots=True)
class Presence:
    """The presence of one tab: its cursor, and its user. `state` is JSON, « null » when it has gone."""

    client: int
    clock: int
    state: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it was received: `step` for sync, `body` for its content."""

    kind: int
    step: int = 0
    body: bytes = b""
    presences: tuple[Presence, ...] = ()

    @property
    def carries_data(self) -> bool:
        return self.kind == SYNC and self.step != STEP_1


def parse(data: bytes) -> Frame:
    """Read a frame of a browser, to the last byte; raises Malformed."""
    reader = ByteReader(data)
    kind = reader.uint()
    if kind == SYNC:
        step = reader.uint()
        if step > UPDATE:
            raise Malformed("an unknown step")
        frame = Frame(kind, step, reader.bytes())
    elif kind == AWARENESS:
        frame = Frame(kind, presences=_presences(reader.bytes()))
    elif kind == QUERY_AWARENESS:
        frame = Frame(kind)
    else:
        raise Malformed("an unknown kind of frame")
    reader.finish()
    return frame


def _presences(data: bytes) -> tuple[Presence, ...]:
    reader = ByteReader(data)
    count = reader.uint()
    if count > MOST_PRESENCES:
        raise Malformed("too many presences")
    presences = tuple(Presence(reader.uint(), reader.uint(), reader.text()) for _presence in range(count))
    reader.finish()
    return presences


def step_1(vector: bytes) -> bytes:
    return write_uint(SYNC) + write_uint(STEP_1) + write_bytes(vector)


def step_2(data: bytes) -> bytes:
    return write_uint(SYNC) + write_uint(STEP_2) + write_bytes(data)


def update(data: bytes) -> bytes:
    return write_uint(SYNC) + write_uint(UPDATE) + write_bytes(data)


def awareness(presences: list[Presence]) -> bytes:
    body = write_uint(len(presences)) + b"".join(
        write_uint(presence.client) + write_uint(presence.clock) + write_text(presence.state) for presence in presences
    )
    return write_uint(AWARENESS) + write_bytes(body)


def ack(count: int) -> bytes:
    return write_uint(ACK) + write_uint(count)


def status_frame(**facts: Any) -> bytes:
    return write_uint(STATUS) + write_text(json.dumps(facts, separators=(",", ":")))


def split(data: bytes, most: int) -> list[bytes]:
    """Return the frames of one HTTP exchange, each with its length before it; raises Malformed."""
    reader = ByteReader(data)
    frames: list[bytes] = []
    while reader.at < reader.end:
        if len(frames) == most:
            raise Malformed("too many frames")
        frames.append(reader.bytes())
    return frames


def http_body(frames: list[bytes]) -> bytes:
    """Return frames as the body of an HTTP exchange."""
    return b"".join(map(write_bytes, frames))
