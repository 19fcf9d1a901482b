"""Presence: who has a text open, and where their cursor is.

The server sets the user; a browser sends only its cursor.
"""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assembly.collab.engine.frames import Presence

GONE = "null"
MOST_BYTES = 1024
SILENCE = 45.0  # Browsers send their presence every 15 s.
COLOURS = ("#4b2a7b", "#a8452e", "#1f6f50", "#1d5a94", "#8a5a00", "#9b2c6b", "#3f5b1e", "#5a4fcf")


@dataclass(slots=True)
class TabPresence:
    """The presence of one tab; `owner` is its connection, or None when it is connected to another process."""

    presence: Presence
    owner: Any
    seen: float


class Presences:
    """The presences of one text in this process. A client number belongs to the connection that announced it first."""

    def __init__(self) -> None:
        self.tabs: dict[int, TabPresence] = {}
        self.changed: set[int] = set()

    def announce(self, owner: Any, presences: Iterable[Presence], user: dict[str, Any]) -> None:
        """Store the presence of a connection itself; those of others, which browsers repeat, are ignored."""
        for presence in presences:
            known = self.tabs.get(presence.client)
            if known is None and (presence.state == GONE or self.clients_of(owner)):
                continue
            if known is not None and (known.owner is not owner or presence.clock < known.presence.clock):
                continue
            if (state := sanitize_state(presence.state, user)) is not None:
                self._store(Presence(presence.client, presence.clock, state), owner)
                self.changed.add(presence.client)

    def clients_of(self, owner: Any) -> list[int]:
        """Return the client numbers of a connection: normally one."""
        return [client for client, tab in self.tabs.items() if tab.owner is owner]

    def apply_remote(self, presences: Iterable[Presence]) -> None:
        """Store the presences of connections to another process."""
        for presence in presences:
            known = self.tabs.get(presence.client)
            if known is not None and known.owner is not None:
                continue
            self._store(presence, None)
            self.changed.add(presence.client)

    def _store(self, presence: Presence, owner: Any) -> None:
        self.tabs[presence.client] = TabPresence(presence, owner, time.monotonic())

    def leave(self, owner: Any) -> None:
        """End the presence of a closed connection now, not in thirty seconds."""
        for client in self.clients_of(owner):
            self._end(client)

    def expire_silent(self) -> None:
        """End the presences of other processes that were not repeated for long."""
        limit = time.monotonic() - SILENCE
        for client in [client for client, tab in self.tabs.items() if tab.owner is None and tab.seen < limit]:
            self._end(client)

    def _end(self, client: int) -> None:
        tab = self.tabs[client]
        self._store(Presence(client, tab.presence.clock + 1, GONE), tab.owner)
        self.changed.add(client)

    def take_changed(self) -> list[tuple[Presence, bool]]:
        """Return what changed since the last call, and whether it is of this process, to be sent to the others."""
        changes = [
            (self.tabs[client].presence, self.tabs[client].owner is not None) for client in sorted(self.changed)
        ]
        self.changed.clear()
        for presence, _ours in changes:
            if presence.state == GONE:
                del self.tabs[presence.client]
        return changes

    def present(self) -> list[Presence]:
        return [tab.presence for tab in self.tabs.values() if tab.presence.state != GONE]

    def ours(self) -> list[Presence]:
        """Return the presences connected here, for a process that has just opened the text."""
        return [tab.presence for tab in self.tabs.values() if tab.owner is not None]


def sanitize_state(state: str, user: dict[str, Any]) -> str | None:
    """Return a browser's state with its cursor only and the session's user; None when it is too long or malformed."""
    if state == GONE:
        return GONE
    if len(state) > MOST_BYTES:
        return None
    try:
        fields = json.loads(state)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    cursor = {"cursor": fields["cursor"]} if "cursor" in fields else {}
    return json.dumps({**cursor, "user": user}, ensure_ascii=False, separators=(",", ":"))


def presence_user(user_id: int, name: str, role: str) -> dict[str, Any]:
    """Return the facts about a person for the others; `role` is a label, empty when unknown."""
    return {"id": user_id, "name": name, "role": role, "color": COLOURS[user_id % len(COLOURS)]}
