"""Frames of a socket: the y-protocols' frames for sync and presence, and two of this product.

100 is how many of the sync messages of this connection that have data (steps 2 and updates, counted from 1, empty ones
included) are settled. 101 is a JSON object: `{"writable", "state", "role"}`, or `{"rejected": why, …}`.
"""

import json
from dataclasses import dataclass
from typing import Any

from assembly.collab.engine.varint import ByteReader, Malformed, write_bytes, write_text, write_uint

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
