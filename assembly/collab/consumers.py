"""The socket of a text: lets people in and out, and hands frames to the hub, which does the rest."""

from typing import Any

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from django.db import DatabaseError

from assembly.collab.engine import frames
from assembly.collab.engine.admission import Admission, admit
from assembly.collab.engine.hub import hub
from assembly.collab.engine.quota import MOST_FRAME_BYTES
from assembly.collab.engine.room import Room, Socket
from assembly.collab.engine.varint import Malformed


class TextConsumer(AsyncConsumer):
    """One connection to one text. It is accepted before it is refused: browsers retry for ever a refused handshake."""

    channel_layer_alias = None  # the hub has one channel for the whole process
    socket: Socket | None = None
    room: Room | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels would look after database connections at each frame: frames use none."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        await self.send({"type": "websocket.accept"})
        try:
            found = await database_sync_to_async(admit)(self.scope)
        except DatabaseError:
            found = frames.CLOSE_TRY_LATER
        if not isinstance(found, Admission):
            await self.send({"type": "websocket.close", "code": found})
            return
        self.socket = Socket(
            self.base_send, user_id=found.user_id, user=found.user, session_key=found.session_key, given=found.given
        )
        self.room = hub().join(self.socket, found.text_id, found.state)

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        socket, room, data = self.socket, self.room, message.get("bytes")
        if socket is None or room is None or socket.closed:
            return
        if data is None:
            socket.close(frames.CLOSE_MALFORMED)
        elif len(data) > MOST_FRAME_BYTES:
            socket.close(frames.CLOSE_TOO_LARGE)
        elif not socket.quota.allows(len(data)):
            socket.close(frames.CLOSE_TRY_LATER)
        else:
            try:
                hub().take(socket, room, frames.parse(data))
            except Malformed:
                socket.close(frames.CLOSE_MALFORMED)
            await hub().has_room(socket)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        if self.socket is not None and self.room is not None:
            hub().leave(self.socket, self.room)
        raise StopConsumer
