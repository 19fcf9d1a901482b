"""The socket of a text and its address: admits connections, and passes frames to the hub."""

from typing import Any

from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.urls import path

from assembly.collab.engine import frames
from assembly.collab.engine.admission import Admission, admit
from assembly.collab.engine.editing_session import MOST_FRAME_BYTES, EditingSession, Socket
from assembly.collab.engine.frames import Malformed
from assembly.collab.engine.hub import Hub, hub


async def text_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve one connection to one text; it is accepted before it is refused, since browsers retry a refused handshake.

    A consumer of Channels would make a task of each frame, and check the session for each one that is sent.
    """
    await receive()
    await send({"type": "websocket.accept"})
    try:
        admission = await database_sync_to_async(admit)(scope)
    except DatabaseError:
        admission = frames.CLOSE_TRY_LATER
    if not isinstance(admission, Admission):
        await send({"type": "websocket.close", "code": admission})
        return
    local_hub = hub()
    socket = Socket(
        send,
        user_id=admission.user_id,
        user=admission.user,
        session_key=admission.session_key,
        granted_right=admission.granted_right,
    )
    session = local_hub.join(socket, admission.text_id, admission.state)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if not socket.closed:
                process_message(local_hub, socket, session, message.get("bytes"))
                await local_hub.wait_for_backlog(socket)
    finally:
        local_hub.leave(socket, session)


def process_message(ours: Hub, socket: Socket, session: EditingSession, data: bytes | None) -> None:
    """Process one received message: a frame for the hub, or the end of the connection."""
    if data is None:
        socket.close(frames.CLOSE_MALFORMED)
    elif len(data) > MOST_FRAME_BYTES:
        socket.close(frames.CLOSE_TOO_LARGE)
    elif not socket.quota.allows(len(data)):
        socket.close(frames.CLOSE_TRY_LATER)
    else:
        try:
            ours.process_frame(socket, session, frames.parse(data))
        except Malformed:
            socket.close(frames.CLOSE_MALFORMED)


websocket_urlpatterns = [
    path("ws/textes/<uuid:public_id>/", text_socket),  # type: ignore[arg-type]  # -- channels routes applications, Django's types know views
]
