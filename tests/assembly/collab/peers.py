"""A browser of a few lines: a real document, the real protocol, no screen."""

import asyncio
import json

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from assembly.collab.engine import frames
from assembly.collab.engine.frames import ByteReader, Presence
from assembly.collab.models import Update
from assembly.config.asgi import application
from tests.browsing import StrictClient

ORIGIN = b"http://localhost"
PATIENCE = 5.0


def cookie_of(user):
    client = StrictClient()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def rows(text):
    return await sync_to_async(lambda: list(Update.objects.filter(text=text).values_list("seq", "author")))()


class Peer:
    """One tab of one person on one text."""

    def __init__(self, text, user, *, schema="1", origin=ORIGIN):
        self.text, self.user = text, user
        self.schema, self.origin = schema, origin
        self.doc = Doc()
        self.root = self.doc.get("default", type=XmlFragment)
        self.acked = self.sent = 0
        self.statuses, self.presences, self.closed = [], {}, None
        self.synced = False
        self.updates = 0
        self.clock = 0

    async def open(self, *, cookie=None):
        value = cookie if cookie is not None else (await sync_to_async(cookie_of)(self.user) if self.user else "")
        headers = [(b"host", b"localhost"), (b"cookie", f"{settings.SESSION_COOKIE_NAME}={value}".encode())]
        if self.origin:
            headers.append((b"origin", self.origin))
        scope = {
            "type": "websocket",
            "path": f"/ws/textes/{self.text.public_id}/",
            "query_string": f"schema={self.schema}".encode(),
            "headers": headers,
            "subprotocols": [],
        }
        self.wire = ApplicationCommunicator(application, scope)
        await self.wire.send_input({"type": "websocket.connect"})
        self.accepted = (await self.wire.receive_output(PATIENCE))["type"] == "websocket.accept"
        self.listening = asyncio.create_task(self.listen())
        return self

    async def join(self):
        """Open the connection and wait for the text."""
        await self.open()
        await self.raw(frames.step_1(self.doc.get_state()))
        await self.until(lambda: self.synced)
        return self

    async def raw(self, data):
        await self.wire.send_input({"type": "websocket.receive", "bytes": data})

    async def send(self, data, step=frames.UPDATE):
        self.sent += 1
        await self.raw(frames.step_2(data) if step == frames.STEP_2 else frames.update(data))

    async def listen(self):
        """Process messages while the connection is open."""
        while self.closed is None:
            message = await self.wire.output_queue.get()
            if message["type"] == "websocket.close":
                self.closed = message.get("code", 1000)
            else:
                await self.hear(message["bytes"])

    async def hear(self, data):
        reader = ByteReader(data)
        kind = reader.uint()
        if kind == frames.SYNC:
            step, body = reader.uint(), reader.bytes()
            if step == frames.STEP_1:
                await self.send(self.doc.get_update(body), frames.STEP_2)
            else:
                self.doc.apply_update(body)
                self.synced = self.synced or step == frames.STEP_2
                self.updates += step == frames.UPDATE
        elif kind == frames.AWARENESS:
            inner = ByteReader(reader.bytes())
            for _one in range(inner.uint()):
                one = Presence(inner.uint(), inner.uint(), inner.text())
                self.presences[one.client] = json.loads(one.state)
        elif kind == frames.ACK:
            self.acked = reader.uint()
        else:
            self.statuses.append(json.loads(reader.text()))

    async def until(self, done, patience=PATIENCE):
        """Wait until `done()` is true."""
        loop = asyncio.get_running_loop()
        end = loop.time() + patience
        while not done():
            if self.closed is not None or loop.time() > end:
                raise AssertionError(f"closed {self.closed}, statuses {self.statuses}, acked {self.acked}/{self.sent}")
            await asyncio.sleep(0.005)

    async def until_closed(self, patience=PATIENCE):
        loop = asyncio.get_running_loop()
        end = loop.time() + patience
        while self.closed is None and loop.time() < end:
            await asyncio.sleep(0.005)
        return self.closed

    async def settle(self):
        """Wait until the server has stored everything that was sent."""
        await self.until(lambda: self.acked == self.sent)

    def change(self, edit):
        """Edit the local copy and return the update."""
        before = self.doc.get_state()
        edit(self)
        return self.doc.get_update(before)

    def typed(self, words, at=None, block=0):
        """Type text into a paragraph and return the update."""

        def edit(peer):
            text = peer.root.children[block].children[0]
            text.insert(len(text) if at is None else at, words)

        return self.change(edit)

    async def write(self, words, **where):
        await self.send(self.typed(words, **where))

    def added(self, words):
        """Add a paragraph and return the update."""
        return self.change(lambda peer: peer.root.children.append(XmlElement("paragraph", {}, [XmlText(words)])))

    @property
    def lines(self):
        return [str(block.children[0]) if len(block.children) else "" for block in self.root.children]

    async def show(self, state, client=None):
        """Send the position of the cursor."""
        self.clock += 1
        state = state if isinstance(state, str) else json.dumps(state)
        await self.raw(frames.awareness([Presence(client or self.doc.client_id, self.clock, state)]))

    async def leave(self):
        """Close the tab."""
        self.listening.cancel()
        if self.closed is None:
            self.closed = 1000
        if not self.wire.future.done():
            await self.wire.send_input({"type": "websocket.disconnect", "code": self.closed})
            await self.wire.wait(PATIENCE)
