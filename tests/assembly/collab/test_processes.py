"""Two web processes that are really two, with a broker that is really killed, and a freeze while twenty type."""

import asyncio
import os
import signal
import socket
import sys
import time
import urllib.request
from contextlib import suppress

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from assembly.collab.actions import texts
from assembly.collab.engine.copy import load
from assembly.collab.models import SharedText, Update
from assembly.institution.models import Role
from assembly.local import addresses, engines, processes
from assembly.local.supervisor import SOCKETS
from opinions.opinions.models import SECTION_KIND, OpinionState
from tests.assembly.collab.conftest import paragraphs
from tests.assembly.collab.peers import Peer, cookie_of
from tests.factories.institution import CommitteeMembershipFactory, RoleAssignmentFactory
from tests.factories.opinions import OpinionFactory, OpinionSectionFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.asyncio,
]


class RemotePeer(Peer):
    """A tab whose wire is a real socket to a real port."""

    port = 0

    async def open(self):
        cookie = await sync_to_async(cookie_of)(self.user)
        self.wire = await connect(
            f"ws://localhost:{self.port}/ws/textes/{self.text.public_id}/?schema=1",
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"},
            origin="http://localhost",
        )
        self.listening = asyncio.create_task(self.listen())
        return self

    async def listen(self):
        try:
            async for message in self.wire:
                await self.hear(message)
        except ConnectionClosed:
            pass
        self.closed = self.wire.close_code

    async def raw(self, data):
        await self.wire.send(data)

    async def leave(self):
        self.listening.cancel()
        with suppress(ConnectionClosed):
            await self.wire.close()


class Site:
    """Two web processes on the database of this test, with a Redis of their own."""

    def __init__(self, home):
        self.home = home
        self.redis = engines.Redis(home, os.environ, fast=True)
        self.redis.start()
        base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
        query = os.environ["DATABASE_URL"].partition("?")[2]
        name = connection.settings_dict["NAME"]
        self.environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
            "ASSEMBLY_LOCAL": "1",
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": f"{base}/{name}" + (f"?{query}" if query else ""),
            "REDIS_URL": addresses.redis_url(addresses.socket_folder(home)),
            "DATA_DIR": str(home / "data"),
        }
        self.ports, self.webs = [], []
        for number in range(2):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.ports.append(probe.getsockname()[1])
            with (home / f"web-{number}.log").open("wb") as output:
                command = [sys.executable, "-m", "uvicorn", "assembly.config.asgi:application", "--lifespan=off"]
                command += [*SOCKETS, f"--port={self.ports[number]}"]
                self.webs.append(processes.spawn(command, output=output, environ=self.environ, cwd=addresses.ROOT))

    def wait(self):
        end = time.monotonic() + 60
        for port in self.ports:
            while time.monotonic() < end:
                try:
                    with urllib.request.urlopen(f"http://localhost:{port}/aide/", timeout=5):
                        break
                except OSError:
                    time.sleep(0.1)
        return self

    def kill_redis(self):
        self.redis.process.kill()
        self.redis.process.wait()

    def stop(self):
        for web in self.webs:
            processes.stop_process(web, signal.SIGTERM, 15)
        self.redis.stop()


def section_of(count):
    """Make a section that is being drafted and that many members of its group."""
    opinion = OpinionFactory(state=OpinionState.DRAFTING)
    section = OpinionSectionFactory(opinion=opinion, bare=True)
    members = [RoleAssignmentFactory(role=Role.MEMBER, term=opinion.term).user for _one in range(count)]
    for user in members:
        CommitteeMembershipFactory(committee=section.committee, person=user.person)
    runs = [(members[0], paragraphs(*[f"Ligne {number}" for number in range(count)]))]
    section.text = texts.create(
        SECTION_KIND, title="Habiter", assembly=opinion.term.assembly, runs=runs, by=members[0]
    )
    section.save()
    return section.text, members


@pytest_asyncio.fixture
async def site(tmp_path):
    made = await sync_to_async(Site)(tmp_path)
    await sync_to_async(made.wait)()
    yield made
    await sync_to_async(made.stop)()


async def tabs(site, text, members):
    found = []
    for number, user in enumerate(members):
        peer = RemotePeer(text, user)
        peer.port = site.ports[number % 2]
        found.append(await peer.join())
    return found


async def converge(peers, patience=20):
    for peer in peers:
        await peer.until(lambda peer=peer: peer.acked == peer.sent and peer.lines == peers[0].lines, patience=patience)


async def test_two_processes_converge_with_and_without_a_broker(site):
    text, members = await sync_to_async(section_of)(4)
    peers = await tabs(site, text, members)

    async def everybody_types(words):
        for letter in words:
            await asyncio.gather(*(peer.write(letter, block=number) for number, peer in enumerate(peers)))

    await everybody_types(" un")
    await converge(peers)
    await peers[0].show({"cursor": None})
    await peers[1].until(lambda: peers[0].doc.client_id in peers[1].presences)
    await sync_to_async(site.kill_redis)()
    await everybody_types(" deux")
    await converge(peers)
    await sync_to_async(site.redis.start)()
    await everybody_types(" trois")
    await converge(peers)
    assert peers[3].lines == [f"Ligne {number} un deux trois" for number in range(4)]
    copy = await sync_to_async(load)(text.pk, from_rows=True)
    assert [block["content"][0]["text"] for block in copy.tree["content"]] == peers[0].lines
    last = await sync_to_async(SharedText.objects.values_list("last_seq", flat=True).get)(pk=text.pk)
    assert (last, copy.has_gap) == (copy.seq, False)
    for peer in peers:
        await peer.leave()


async def test_a_freeze_while_twenty_type(site):
    text, members = await sync_to_async(section_of)(20)
    peers = await tabs(site, text, members)
    going = True

    async def types(peer, number):
        while going and not any(status["state"] == "frozen" for status in peer.statuses):
            with suppress(ConnectionClosed):
                await peer.write("e", block=number)
            await asyncio.sleep(0.1)

    typists = [asyncio.create_task(types(peer, number)) for number, peer in enumerate(peers)]
    await asyncio.sleep(2)
    version = await sync_to_async(texts.freeze)(text, by=members[0])
    await asyncio.wait_for(asyncio.gather(*typists), 20)
    await asyncio.sleep(1)
    rows = await sync_to_async(
        lambda: list(Update.objects.filter(text=text).order_by("seq").values_list("seq", "at"))
    )()
    assert [seq for seq, _at in rows] == list(range(1, version.upto_seq + 1))
    assert version.upto_seq > 20
    for peer in peers:
        assert peer.statuses[-1]["writable"] is False
        await peer.leave()
    rebuilt = await sync_to_async(load)(text.pk, from_rows=True)
    assert texts.tree_digest(rebuilt.tree) == version.sha256
