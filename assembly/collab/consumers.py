"""The socket of a text: lets people in and out, and hands frames to the hub, which does the rest."""

from typing import Any

from channels.db import database_sync_to_async
from django.db import DatabaseError

from assembly.collab.engine import frames
from assembly.collab.engine.admission import Admission, admit
from assembly.collab.engine.hub import Hub, hub
from assembly.collab.engine.quota import MOST_FRAME_BYTES
from assembly.collab.engine.room import Room, Socket
from assembly.collab.engine.varint import Malformed


async def text_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """One connection to one text. It is accepted before it is refused: browsers retry for ever a refused handshake.

    A consumer of Channels would make a task of each frame, and look after the session at each one that leaves.
    """
    await receive()
    await send({"type": "websocket.accept"})
    try:
        found = await database_sync_to_async(admit)(scope)
    except DatabaseError:
        found = frames.CLOSE_TRY_LATER
    if not isinstance(found, Admission):
        await send({"type": "websocket.close", "code": found})
        return
    ours = hub()
    socket = Socket(send, user_id=found.user_id, user=found.user, session_key=found.session_key, given=found.given)
    room = ours.join(socket, found.text_id, found.state)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if not socket.closed:
                take_message(ours, socket, room, message.get("bytes"))
                await ours.has_room(socket)
    finally:
        ours.leave(socket, room)


def take_message(ours: Hub, socket: Socket, room: Room, data: bytes | None) -> None:
    """One message that was received: a frame for the hub, or the end of the connection."""
    if data is None:
        socket.close(frames.CLOSE_MALFORMED)
    elif len(data) > MOST_FRAME_BYTES:
        socket.close(frames.CLOSE_TOO_LARGE)
    elif not socket.quota.allows(len(data)):
        socket.close(frames.CLOSE_TRY_LATER)
    else:
        try:
            ours.take(socket, room, frames.parse(data))
        except Malformed:
            socket.close(frames.CLOSE_MALFORMED)
