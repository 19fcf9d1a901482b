"""What no program expects, sent to the ASGI application itself: sockets, and what fails before any middleware."""

import uuid

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from assembly.config.asgi import application

REFUSED = "Nous n’avons pas compris cette demande"
KNOCKS = {
    "NUL in the path": ("/ws/textes/a\x00/", ""),
    "no such socket": ("/ws/nulle-part/", ""),
    "2^63": (f"/ws/textes/{2**63}/", ""),
    "10 kB": (f"/ws/textes/{'x' * 10_240}/", ""),
    "NUL in the cookie": (f"/ws/textes/{uuid.uuid4()}/", r'"abcdefgh\000abcdefgh"'),
}


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "cookie"), KNOCKS.values(), ids=KNOCKS)
async def test_a_socket_to_nowhere_is_closed(path, cookie):
    """Closed, whatever is asked: an exception would answer 500 to the handshake."""
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
    headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []}
    socket = ApplicationCommunicator(application, scope)
    await socket.send_input({"type": "websocket.connect"})
    answer = await socket.receive_output(5)
    if answer["type"] == "websocket.accept":
        answer = await socket.receive_output(5)
    assert answer["type"] == "websocket.close"


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("charset", ["base64", "idna"])
async def test_a_charset_that_is_no_charset_is_refused(charset):
    """Python knows these codecs; they fail while the request is made, before any middleware."""
    headers = [(b"host", b"localhost"), (b"content-type", f"text/plain; charset={charset}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/glossaire/", "query_string": b"q=%C3%A9", "headers": headers}
    pages = ApplicationCommunicator(application, scope)
    await pages.send_input({"type": "http.request", "body": b""})
    started, sent = await pages.receive_output(5), await pages.receive_output(5)
    assert (started["status"], REFUSED in sent["body"].decode()) == (400, True)
