"""The hub of a process: the texts that are open here, the writer, the channel layer to the other processes.

The table is authoritative and the channel layer only makes it quicker: the poll of open texts finds what it loses.
"""

import asyncio
import logging
import secrets
import time
from typing import Any
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError

from assembly.collab.engine import admission, change_signal, frames
from assembly.collab.engine.editing_session import EditingSession, Socket
from assembly.collab.engine.frames import Frame, Presence
from assembly.collab.engine.headers import Header
from assembly.collab.engine.storage import GAP, MALFORMED, PendingUpdate, check_update
from assembly.collab.engine.writer import (
    BatchResult,
    Broadcast,
    ReceivedUpdate,
    Reload,
    RemoteRows,
    SyncRequest,
    UpdateWriter,
)
from assembly.collab.models import TextRight

log = logging.getLogger(__name__)

GROUP = "collab"
POLL, SWEEP, HOLD, PRESENCE_WINDOW, QUIET = 2.0, 8.0, 0.05, 0.2, 20.0
WIRE_PATIENCE, MOST_ON_WIRE = 2.0, 500
MOST_PENDING_BYTES = 4_000_000
READ_AT_ONCE = 16_000


class Hub:
    """The hub of one event loop; all of it runs there, except the writer's thread."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)
        self.loop = asyncio.get_running_loop()
        self.sessions: dict[int, EditingSession] = {}
        self.writer = UpdateWriter(self.deliver)
        self.layer: Any = get_channel_layer()
        self.wire: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_ON_WIRE)
        change_signal.add_listener(self.schedule_reload)
        works = [self.poll(), self.sweep()]
        if self.layer is not None:
            works += [self.receive_messages(), self.send_messages()]
        self.tasks = [self.loop.create_task(work) for work in works]

    async def stop(self) -> None:
        """Stop all tasks: for tests, whose loops end too."""
        change_signal.remove_listener(self.schedule_reload)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.writer.stop()

    # Connections ---------------------------------------------------------------------------------

    def join(self, socket: Socket, text_id: int, state: str) -> EditingSession:
        """Add a connection: send its rights first, then what the server needs from it, and who is present."""
        if (session := self.sessions.get(text_id)) is None:
            session = self.sessions[text_id] = EditingSession(text_id, state)
            self.publish(type="collab.who", text=text_id)
        session.sockets.add(socket)
        socket.put(session.status_of(socket))
        self.writer.submit(SyncRequest(text_id, socket, None))
        if present := session.presences.present():
            socket.put(frames.awareness(present))
        return session

    def leave(self, socket: Socket, session: EditingSession) -> None:
        """Remove a connection that has ended."""
        socket.closed = True
        session.sockets.discard(socket)
        session.presences.leave(socket)
        if session.sockets:
            self.flush_soon(session)
        elif self.sessions.get(session.text_id) is session:
            self.flush(session)
            del self.sessions[session.text_id]
            self.writer.submit(Reload(evict=(session.text_id,)))

    def process_frame(self, socket: Socket, session: EditingSession, frame: Frame) -> None:
        """Process one received frame; raises Malformed."""
        if frame.kind == frames.SYNC and frame.step == frames.STEP_1:
            self.writer.submit(SyncRequest(session.text_id, socket, frame.body))
        elif frame.kind == frames.SYNC:
            socket.received += 1
            resync, size = frame.step == frames.STEP_2, len(frame.body)
            at_once = size < READ_AT_ONCE  # The writer reads a long one: here it would delay every text.
            header = check_update(frame.body) if at_once else Header()
            entry = PendingUpdate(session.text_id, socket.user_id, frame.body, socket, header, resync, at_once)
            socket.pending_bytes += size
            self.writer.submit(ReceivedUpdate(entry, socket, socket.received))
        elif frame.kind == frames.AWARENESS:
            session.presences.announce(socket, frame.presences, socket.user)
            self.flush_soon(session)
        elif present := session.presences.present():
            socket.put(frames.awareness(present))

    async def wait_for_backlog(self, socket: Socket) -> None:
        """Wait while the connection's edits wait for the database, so that no more is read from it."""
        while socket.pending_bytes > MOST_PENDING_BYTES and not socket.closed:
            await asyncio.sleep(0.05)

    # Results of the writer -----------------------------------------------------------------------

    def deliver(self, batch: BatchResult) -> None:
        """Broadcast the edits, then acknowledge them, then answer requests."""
        for broadcast in batch.broadcasts:
            self.broadcast(broadcast)
        self.acknowledge(batch.sent)
        for socket, missing, vector in batch.replies:
            if missing is not None:
                socket.put(frames.step_2(missing))
            else:
                socket.put(frames.step_1(vector))
        for text_id in batch.late:
            self.loop.call_later(HOLD, self.writer.submit, Reload((text_id,)))
        for socket in batch.lost:
            socket.close(frames.CLOSE_TRY_LATER)

    def broadcast(self, broadcast: Broadcast) -> None:
        session = self.sessions.get(broadcast.text_id)
        if session is not None:
            session.seq = broadcast.seq
            for update in broadcast.updates:
                session.broadcast(frames.update(update), exclude=broadcast.only)
            if broadcast.state:
                session.change_state(broadcast.state)
        if broadcast.ours is not None:
            ours = broadcast.ours
            self.publish(type="collab.rows", text=ours.text_id, first=ours.first, last=ours.last, data=ours.data)

    def acknowledge(self, sent: list[ReceivedUpdate]) -> None:
        """Acknowledge what is stored, once for each connection, and send why the rest is not."""
        acked: dict[Socket, int] = {}
        for update in sent:
            update.socket.pending_bytes -= len(update.entry.data)
            if update.entry.refused:
                self.refuse(update)
            else:
                acked[update.socket] = update.order
                update.socket.refusal_sent = False
        for socket, order in acked.items():
            socket.put(frames.ack(order))

    def refuse(self, sent: ReceivedUpdate) -> None:
        """Send once that nothing more is accepted until a resync; for a gap, request it at once."""
        socket, why = sent.socket, sent.entry.refused
        if socket.refusal_sent:
            return
        socket.refusal_sent = True
        if why == MALFORMED:
            socket.close(frames.CLOSE_MALFORMED)
            return
        if session := self.sessions.get(sent.entry.text_id):
            socket.put(session.status_of(socket, rejected=why))
        if why == GAP:
            self.writer.submit(SyncRequest(sent.entry.text_id, socket, None))

    # Presence ------------------------------------------------------------------------------------

    def flush_soon(self, session: EditingSession) -> None:
        """Schedule the presences: what moved within a fifth of a second is sent together."""
        if session.flush is None:
            session.flush = self.loop.call_later(PRESENCE_WINDOW, self.flush, session)

    def flush(self, session: EditingSession) -> None:
        if session.flush is not None:
            session.flush.cancel()
            session.flush = None
        if changed := session.presences.take_changed():
            session.broadcast(frames.awareness([presence for presence, _ours in changed]))
            if ours := [presence for presence, is_ours in changed if is_ours]:
                self.publish_presences(session.text_id, ours)

    def publish_presences(self, text_id: int, presences: list[Presence]) -> None:
        rows = [[presence.client, presence.clock, presence.state] for presence in presences]
        self.publish(type="collab.presence", text=text_id, presences=rows)

    # Other processes -----------------------------------------------------------------------------

    def publish(self, **message: Any) -> None:
        """Queue a message to the other processes; when the queue is full the poll makes up for it."""
        if self.layer is not None and not self.wire.full():
            self.wire.put_nowait({**message, "hub": self.name})

    async def send_messages(self) -> None:
        while True:
            message = await self.wire.get()
            try:
                await asyncio.wait_for(self.layer.group_send(GROUP, message), WIRE_PATIENCE)
            except Exception as error:  # Whatever error the broker has, the poll goes on.
                log.warning("Sending to the other processes failed, trying again: %s", type(error).__name__)
                while not self.wire.empty():
                    self.wire.get_nowait()
                await asyncio.sleep(1)

    async def receive_messages(self) -> None:
        while True:
            try:
                channel = await self.layer.new_channel()
                await asyncio.wait_for(self.layer.group_add(GROUP, channel), WIRE_PATIENCE)
                while True:
                    self.apply_message(await self.layer.receive(channel))
            except Exception as error:  # As above.
                log.warning("Receiving from the other processes failed, trying again: %s", type(error).__name__)
                await asyncio.sleep(1)

    def apply_message(self, message: dict[str, Any]) -> None:
        session = self.sessions.get(message["text"])
        if session is None or message["hub"] == self.name:
            return
        if message["type"] == "collab.rows":
            self.writer.submit(RemoteRows(session.text_id, message["first"], message["last"], message["data"]))
        elif message["type"] == "collab.reload":
            self.writer.submit(Reload((session.text_id,)))
        elif message["type"] == "collab.presence":
            session.presences.apply_remote(Presence(*fields) for fields in message["presences"])
            self.flush_soon(session)
        elif presences := session.presences.ours():
            self.publish_presences(session.text_id, presences)

    def schedule_reload(self, text_id: int) -> None:
        """Reload a text that a view or an action changed, here and elsewhere; called from any thread."""
        self.loop.call_soon_threadsafe(self.reload_everywhere, text_id)

    def reload_everywhere(self, text_id: int) -> None:
        if text_id in self.sessions:
            self.writer.submit(Reload((text_id,)))
        self.publish(type="collab.reload", text=text_id)

    # Poll and sweep ------------------------------------------------------------------------------

    async def poll(self) -> None:
        """Reload open texts every two seconds, whatever messages were lost, and send a status to idle connections."""
        while True:
            await asyncio.sleep(POLL)
            if self.sessions:
                self.writer.submit(Reload(tuple(self.sessions)))
            limit = time.monotonic() - QUIET
            for session in tuple(self.sessions.values()):
                session.presences.expire_silent()
                self.flush(session)
                for socket in tuple(session.sockets):
                    if socket.last_sent < limit:
                        socket.put(session.status_of(socket))

    async def sweep(self) -> None:
        """Close, within ten seconds, connections whose session ended or whose right was withdrawn."""
        while True:
            await asyncio.sleep(SWEEP)
            open_sockets = [(session, socket) for session in self.sessions.values() for socket in session.sockets]
            if not open_sockets:
                continue
            connections = [(session.text_id, socket.user_id, socket.session_key) for session, socket in open_sockets]
            try:
                rights = await database_sync_to_async(admission.current_rights)(connections)
            except DatabaseError:
                continue
            for (session, socket), right in zip(open_sockets, rights, strict=True):
                self.apply_right(session, socket, right)

    def apply_right(self, session: EditingSession, socket: Socket, right: TextRight | None) -> None:
        """Apply the current right of a connection; None when the session has ended."""
        if right is None:
            socket.close(frames.CLOSE_SIGNED_OUT)
        elif right == TextRight.NONE:
            socket.close(frames.CLOSE_NO_RIGHT)
        elif right != socket.granted_right:
            socket.granted_right = right
            socket.put(session.status_of(socket))


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Return the hub of the running loop, made at first use."""
    loop = asyncio.get_running_loop()
    if (running := _hubs.get(loop)) is None:
        running = _hubs[loop] = Hub()
    return running
