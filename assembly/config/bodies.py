"""Reading of request bodies: up to the limit of the view, as long as data arrive; large ones on the disk."""

import asyncio
import io
import tempfile
from http import HTTPStatus
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted

from assembly.web import request_bodies

SILENCE_SECONDS = 30.0  # between two parts of an announced body; the whole may take any time
WITHOUT_BODY = {"GET", "HEAD"}
BODY_HEADERS = {b"content-length", b"transfer-encoding"}  # without either there is no body (RFC 9112, 6.3)


class BodyRefused(Exception):
    """Raised for a body that stopped arriving; `status` is the whole response."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(status.phrase)


class BodyTooLarge(Exception):
    """Raised for more bytes than the view of this address takes."""


async def receive_body(scope: Any, receive: Any) -> Any:
    """Return the body of a request as a file.

    Raise RequestAborted, BodyRefused, BodyTooLarge, and OSError when the disk of its temporary file is full.
    """
    announcements = [value for name, value in scope["headers"] if name in BODY_HEADERS]
    if not announcements and scope["method"] in WITHOUT_BODY:
        if (await receive())["type"] == "http.disconnect":
            raise RequestAborted
        return io.BytesIO()
    announced = announcements[0] if announcements else b""
    limit = request_bodies.FORM_BYTES
    if announced.isdigit() and int(announced[:20]) > limit:
        limit = await checked_limit(scope, int(announced[:20]))
    message = await next_message(receive)
    piece = message.get("body", b"")
    if not message.get("more_body", False) and len(piece) <= limit:
        return io.BytesIO(piece)
    body = tempfile.SpooledTemporaryFile(
        max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, mode="w+b", dir=str(settings.FILE_UPLOAD_TEMP_DIR)
    )
    try:
        await fill(body, message, limit, scope, receive)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def fill(body: Any, message: Any, limit: int, scope: Any, receive: Any) -> None:
    """Write the parts of a body, starting with the one received; another thread writes to the disk."""
    size = 0
    while True:
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            limit = await checked_limit(scope, size)
        if size > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
            await sync_to_async(body.write, thread_sensitive=False)(piece)
        else:
            body.write(piece)
        if not message.get("more_body", False):
            return
        message = await next_message(receive)


async def next_message(receive: Any) -> Any:
    """Return the next part of a body; raise BodyRefused when none arrives for SILENCE_SECONDS."""
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            message = await receive()
    except TimeoutError as silent:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT) from silent
    if message["type"] == "http.disconnect":
        raise RequestAborted
    return message


async def checked_limit(scope: Any, size: int) -> int:
    """Return how much may be sent to this address; raise BodyTooLarge when that is less than `size`."""
    limit = await sync_to_async(request_bodies.limit_of)(scope["path"])
    if size > limit:
        raise BodyTooLarge
    return limit
