"""A text that is open in this process: its connections, each with its quota, and what is sent to them."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from assembly.collab.engine import frames
from assembly.collab.engine.presence import Presences
from assembly.collab.engine.storage import UpdateSource
from assembly.collab.models import TextRight, TextState
from assembly.collab.rules import within

FRAMES_A_SECOND, FRAMES_AT_ONCE = 40.0, 300.0
BYTES_A_SECOND, BYTES_AT_ONCE = 100_000.0, 6_000_000.0
MOST_FRAME_BYTES = 1_500_000


class Quota:
    """Two token buckets that fill with time: frames and bytes."""

    def __init__(self) -> None:
        self.frames, self.bytes, self.at = FRAMES_AT_ONCE, BYTES_AT_ONCE, time.monotonic()

    def allows(self, size: int) -> bool:
        """Count one frame; return False when there were too many or too much."""
        now = time.monotonic()
        elapsed, self.at = now - self.at, now
        self.frames = min(FRAMES_AT_ONCE, self.frames + elapsed * FRAMES_A_SECOND) - 1
        self.bytes = min(BYTES_AT_ONCE, self.bytes + elapsed * BYTES_A_SECOND) - size
        return self.frames >= 0 and self.bytes >= 0


MOST_WAITING = 2000

type Send = Callable[[dict[str, Any]], Awaitable[None]]


class Socket(UpdateSource):
    """One connection with its own outbox, so that a slow phone delays nobody else."""

    __slots__ = (
        "closed",
        "granted_right",
        "last_sent",
        "outbox",
        "pending_bytes",
        "quota",
        "received",
        "send",
        "session_key",
        "refusal_sent",
        "user",
        "user_id",
        "worker",
    )

    def __init__(
        self, send: Send, *, user_id: int, user: dict[str, Any], session_key: str, granted_right: TextRight
    ) -> None:
        super().__init__()
        self.send = send
        self.user_id = user_id
        self.user = user
        self.session_key = session_key
        self.granted_right = granted_right
        self.quota = Quota()
        self.received = 0
        self.pending_bytes = 0
        self.refusal_sent = False
        self.outbox: deque[dict[str, Any]] = deque()
        self.worker: asyncio.Task[None] | None = None
        self.closed = False
        self.last_sent = time.monotonic()

    def put(self, frame: bytes) -> None:
        """Send a frame soon; close a connection with two thousand unsent frames, to reconnect later."""
        if self.closed:
            return
        if len(self.outbox) >= MOST_WAITING:
            self.outbox.clear()
            self.close(frames.CLOSE_TRY_LATER)
            return
        self.last_sent = time.monotonic()
        self._enqueue({"type": "websocket.send", "bytes": frame})

    def close(self, code: int) -> None:
        """Close the connection after the frames already in its outbox."""
        if not self.closed:
            self.closed = True
            self._enqueue({"type": "websocket.close", "code": code})

    def _enqueue(self, message: dict[str, Any]) -> None:
        self.outbox.append(message)
        if self.worker is None:
            loop = asyncio.get_running_loop()
            # Eager: while the network takes everything at once, no task is scheduled.
            task = asyncio.Task(self._drain(), loop=loop, eager_start=True)
            self.worker = None if task.done() else task

    async def _drain(self) -> None:
        try:
            while self.outbox:
                await self.send(self.outbox.popleft())
        except Exception:  # The other end has gone, whichever exception the server raises.
            self.closed = True
            self.outbox.clear()
        finally:
            self.worker = None


@dataclass(eq=False)
class EditingSession:
    """The connections of this process to one text, and what they were sent."""

    text_id: int
    state: str
    sockets: set[Socket] = field(default_factory=set)
    presences: Presences = field(default_factory=Presences)
    seq: int = 0
    flush: asyncio.TimerHandle | None = None

    def broadcast(self, frame: bytes, *, exclude: Socket | None = None) -> None:
        """Send one frame to every connection, except `exclude`."""
        for socket in tuple(self.sockets):
            if socket is not exclude:
                socket.put(frame)

    def status_of(self, socket: Socket, **facts: Any) -> bytes:
        """Return the frame with the person's current rights; `writable` is about the text, not about comments."""
        right = within(socket.granted_right, self.state)
        return frames.status_frame(
            writable=right >= TextRight.SUGGEST, state=self.state, role=TextRight(right).name.lower(), **facts
        )

    def change_state(self, state: str) -> None:
        """Send the new state to every connection when the text was frozen or opened."""
        if state != self.state:
            self.state = TextState(state).value
            for socket in tuple(self.sockets):
                socket.put(self.status_of(socket))
