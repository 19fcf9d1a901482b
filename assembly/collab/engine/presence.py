"""Who is in a text, and where their cursor stands. The server says who: a browser is only believed for its cursor."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assembly.collab.engine.frames import Presence

GONE = "null"
MOST_BYTES = 1024
SILENCE = 45.0  # browsers repeat themselves every 15 s
COLOURS = ("#4b2a7b", "#a8452e", "#1f6f50", "#1d5a94", "#8a5a00", "#9b2c6b", "#3f5b1e", "#5a4fcf")


@dataclass(slots=True)
class TabPresence:
    """What is known of one tab; `owner` is its connection, or None when it is connected to another process."""

    presence: Presence
    owner: Any
    seen: float


class Presences:
    """Those of one text in this process. A client number belongs to the connection that announced it first."""

    def __init__(self) -> None:
        self.held: dict[int, TabPresence] = {}
        self.changed: set[int] = set()

    def announce(self, owner: Any, said: Iterable[Presence], user: dict[str, Any]) -> None:
        """Take what a connection says of itself; the rest (browsers repeat what they heard of others) is left out."""
        for presence in said:
            known = self.held.get(presence.client)
            if known is None and (presence.state == GONE or self.owned(owner)):
                continue
            if known is not None and (known.owner is not owner or presence.clock < known.presence.clock):
                continue
            if (state := rewritten(presence.state, user)) is not None:
                self._keep(Presence(presence.client, presence.clock, state), owner)
                self.changed.add(presence.client)

    def owned(self, owner: Any) -> list[int]:
        """The client numbers of a connection: one, in truth."""
        return [client for client, held in self.held.items() if held.owner is owner]

    def hear(self, said: Iterable[Presence]) -> None:
        """Take what another process of ours says of its connections."""
        for presence in said:
            known = self.held.get(presence.client)
            if known is not None and known.owner is not None:
                continue
            self._keep(presence, None)
            self.changed.add(presence.client)

    def _keep(self, presence: Presence, owner: Any) -> None:
        self.held[presence.client] = TabPresence(presence, owner, time.monotonic())

    def leave(self, owner: Any) -> None:
        """A connection has ended: its cursor goes now, not in thirty seconds."""
        for client in self.owned(owner):
            self._end(client)

    def forget_silent(self) -> None:
        """Those of another process that nobody has repeated for long."""
        limit = time.monotonic() - SILENCE
        for client in [client for client, held in self.held.items() if held.owner is None and held.seen < limit]:
            self._end(client)

    def _end(self, client: int) -> None:
        held = self.held[client]
        self._keep(Presence(client, held.presence.clock + 1, GONE), held.owner)
        self.changed.add(client)

    def take_changed(self) -> list[tuple[Presence, bool]]:
        """What changed since the last call, and whether it is ours to tell the other processes."""
        found = [(self.held[client].presence, self.held[client].owner is not None) for client in sorted(self.changed)]
        self.changed.clear()
        for presence, _ours in found:
            if presence.state == GONE:
                del self.held[presence.client]
        return found

    def present(self) -> list[Presence]:
        return [held.presence for held in self.held.values() if held.presence.state != GONE]

    def ours(self) -> list[Presence]:
        """Those connected here, for a process that has just opened the text."""
        return [held.presence for held in self.held.values() if held.owner is not None]


def rewritten(state: str, user: dict[str, Any]) -> str | None:
    """What a browser may say: its cursor, under the name of its session; None when it says too much or nonsense."""
    if state == GONE:
        return GONE
    if len(state) > MOST_BYTES:
        return None
    try:
        said = json.loads(state)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    kept = {"cursor": said["cursor"]} if "cursor" in said else {}
    return json.dumps({**kept, "user": user}, ensure_ascii=False, separators=(",", ":"))


def introduced(user_id: int, name: str, role: str) -> dict[str, Any]:
    """How a person is shown to the others; `role` in words, empty when unknown."""
    return {"id": user_id, "name": name, "role": role, "color": COLOURS[user_id % len(COLOURS)]}
